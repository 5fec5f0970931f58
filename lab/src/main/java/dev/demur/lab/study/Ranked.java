package dev.demur.lab.study;

import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionUncertainty;
import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.Separation;
import java.util.List;
import java.util.Optional;

/// The candidates, the choice among them, and how sure it is.
record Ranked(
    CandidateGrid grid,
    Selection selection,
    MassiveCoordinates massive,
    List<Separation> separations,
    Optional<DirectionUncertainty> uncertainty) {

  Ranked {
    separations = List.copyOf(separations);
  }

  /// The chosen direction, if any candidate passes.
  Optional<Direction> direction() {
    return selection.chosen().map(row -> grid.direction(row.candidate()));
  }
}
