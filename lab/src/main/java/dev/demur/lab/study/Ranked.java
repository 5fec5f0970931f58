package dev.demur.lab.study;

import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionUncertainty;
import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.Selection;
import java.util.Optional;

/// The candidates, the choice among them, and how sure it is.
record Ranked(
    CandidateGrid grid,
    Selection selection,
    MassiveCoordinates massive,
    Optional<DirectionUncertainty> uncertainty) {

  /// The chosen direction, if any candidate passes.
  Optional<Direction> direction() {
    return selection.chosen().map(row -> grid.direction(row.candidate()));
  }
}
