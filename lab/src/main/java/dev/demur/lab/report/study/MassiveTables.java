package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.ordinal;

import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.SelectionRules.Coordinates;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Table;

/// Coordinates with massive activations, as a table and as a sentence.
final class MassiveTables {

  private MassiveTables() {}

  /// Every such coordinate.
  static Table coordinates(MassiveCoordinates massive) {
    return Table.of(
        "massive",
        "Coordinates of the stream with massive activations. Times the median: the mean over all"
            + " training prompts beside that of the median coordinate. Share: of the squared"
            + " difference of means, at the place where it is largest.",
        massive.coordinates(),
        ordinal("coordinate", "Coordinate", c -> c.index()),
        number("ratio", "Times the median", Unit.RATIO, c -> c.ratio()),
        number("share", "Share", Unit.SHARE, c -> c.share()),
        ordinal("position", "Position", c -> c.place().position()),
        ordinal("layer", "Layer", c -> c.place().layer()));
  }

  /// What a reader must know of them.
  static String sentence(MassiveCoordinates massive, Coordinates candidates) {
    int count = massive.coordinates().size();
    String which =
        count == 1
            ? "Coordinate " + massive.coordinates().getFirst().index() + " is"
            : count + " coordinates are";
    String share =
        massive
            .chosenShare()
            .map(
                s ->
                    "%s of the difference of means at the chosen place".formatted(Numbers.share(s)))
            .orElseGet(
                () ->
                    "up to %s of a difference of means"
                        .formatted(Numbers.share(massive.coordinates().getFirst().share())));
    String done =
        switch (candidates) {
          case ALL ->
              "Such a direction says how large they are rather than what was asked; compare with"
                  + " a selection without them.";
          case WITHOUT_MASSIVE -> "Every candidate is without them.";
        };
    return "%s massively active whatever the prompt and %s %s. %s"
        .formatted(which, count == 1 ? "holds" : "hold", share, done);
  }
}
