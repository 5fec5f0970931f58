package dev.demur.lab.report;

import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.SelectionRules.Coordinates;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table.Row;
import java.util.List;

/// Coordinates with massive activations, as a table and as a sentence.
final class MassiveTables {

  private MassiveTables() {}

  /// Every such coordinate.
  static Table coordinates(MassiveCoordinates massive) {
    return new Table(
        "massive",
        "Coordinates of the stream with massive activations. Times the median: the mean over all"
            + " training prompts beside that of the median coordinate. Share: of the squared"
            + " difference of means, at the place where it is largest.",
        List.of(
            Column.number("coordinate", "Coordinate"),
            Column.number("ratio", "Times the median"),
            Column.number("share", "Share"),
            Column.number("position", "Position"),
            Column.number("layer", "Layer")),
        massive.coordinates().stream()
            .map(
                c ->
                    Row.of(
                        new Ordinal(c.index()),
                        new Amount(c.ratio(), Unit.STREAM),
                        new Amount(c.share(), Unit.SHARE),
                        new Ordinal(c.place().position()),
                        new Ordinal(c.place().layer())))
            .toList());
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
