package dev.demur.lab.study;

import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules.Coordinates;
import dev.demur.model.tensor.Tensor;

/// The candidates, and the coordinates with massive activations.
///
/// @param grid the candidates
/// @param all differences of means with all their coordinates
/// @param left what is set to 0 in candidates: nothing, or the massive ones
record Extracted(
    CandidateGrid grid, CandidateGrid all, MassiveCoordinates massive, MassiveCoordinates left) {

  /// @param harmful mean stream of the harmful training prompts, float64 `[pos, layer, d_model]`
  /// @param harmless the same of the harmless ones
  static Extracted of(Tensor harmful, Tensor harmless, Coordinates coordinates) {
    var massive = MassiveCoordinates.of(harmful, harmless);
    var left =
        switch (coordinates) {
          case ALL -> MassiveCoordinates.none();
          case WITHOUT_MASSIVE -> massive;
        };
    var all = CandidateGrid.between(harmful, harmless);
    return new Extracted(new CandidateGrid(left.takenFrom(all.meanDiffs())), all, massive, left);
  }

  MassiveCoordinates massive(Selection selection) {
    return selection.chosen().map(row -> massive.ofChosen(all.at(row.candidate()))).orElse(massive);
  }
}
