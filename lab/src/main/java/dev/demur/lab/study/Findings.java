package dev.demur.lab.study;

import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules.Coordinates;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Puts a selection's outcome into a sentence.
final class Findings {

  private Findings() {}

  /// @param objection why there is nothing to study, when there is not
  /// @param ranked the candidates, when there is
  static Finding of(Optional<String> objection, Optional<Ranked> ranked, int layers) {
    return objection
        .map(sentence -> new Finding(Finding.Kind.NO_BEHAVIOUR, sentence))
        .orElseGet(() -> of(ranked.orElseThrow(), layers));
  }

  private static Finding of(Ranked ranked, int layers) {
    return of(ranked.selection(), ranked.massive(), layers);
  }

  private static Finding of(Selection selection, MassiveCoordinates massive, int layers) {
    return selection
        .chosen()
        .map(
            row ->
                new Finding(
                    Finding.Kind.DIRECTION,
                    String.format(
                        Locale.ROOT,
                        "The direction read at layer %d of %d, position %d, was selected: %sbypass"
                            + " %.3f, induce %.3f, KL %.4f nats.",
                        row.candidate().layer(),
                        layers,
                        row.candidate().position(),
                        row.cosmic()
                            .map(score -> String.format(Locale.ROOT, "COSMIC %.3f, ", score))
                            .orElse(""),
                        row.bypass().orElseThrow(),
                        row.induce().orElseThrow(),
                        row.kl().orElseThrow())))
        .orElseGet(
            () ->
                new Finding(
                    Finding.Kind.NO_CANDIDATE,
                    "The model shows the behaviour, but none of "
                        + selection.rows().size()
                        + " candidates passes the filters: "
                        + reasons(selection)
                        + "."
                        + remedy(selection, massive)));
  }

  /// What to try where massive coordinates may be why nothing passes.
  private static String remedy(Selection selection, MassiveCoordinates massive) {
    if (massive.isEmpty() || selection.rules().coordinates() == Coordinates.WITHOUT_MASSIVE) {
      return "";
    }
    var largest = massive.coordinates().getFirst();
    return String.format(
        Locale.ROOT,
        " Coordinate %d with its massive activations holds up to %.0f %% of a difference of means;"
            + " try the selection without such coordinates.",
        largest.index(),
        100 * largest.share());
  }

  private static String reasons(Selection selection) {
    return Arrays.stream(Verdict.values())
        .filter(verdict -> count(selection, verdict) > 0)
        .map(
            verdict ->
                count(selection, verdict)
                    + " "
                    + verdict.name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .collect(Collectors.joining(", "));
  }

  private static long count(Selection selection, Verdict verdict) {
    return selection.rows().stream().filter(row -> row.verdict() == verdict).count();
  }
}
