package dev.demur.lab.report.study;

import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A selection in the released code's layout, for comparison row by row.
///
/// Source: `select_direction.py` of `andyrdt/refusal_direction` at 9d852fa: a list of {position,
/// layer, refusal_score, steering_score, kl_div_score}, indented by four; the filtered list is
/// sorted by refusal score. A score that was not computed is null there.
public final class DirectionEvaluations {

  private DirectionEvaluations() {}

  /// `direction_evaluations.json`: every candidate, position ascending, then layer.
  public static String all(Selection selection) {
    return write(selection.rows());
  }

  /// `direction_evaluations_filtered.json`: those that pass the filters, best first.
  public static String filtered(Selection selection) {
    return write(CandidateTables.eligible(selection));
  }

  private static String write(List<CandidateScores> rows) {
    var objects = new ArrayList<String>();
    for (var row : rows) {
      objects.add(
          """
          {
              "position": %d,
              "layer": %d,
              "refusal_score": %s,
              "steering_score": %s,
              "kl_div_score": %s
          }\
          """
              .indent(4)
              .stripTrailing()
              .formatted(
                  row.candidate().position(),
                  row.candidate().layer(),
                  number(row.bypass()),
                  number(row.induce()),
                  number(row.kl())));
    }
    return objects.isEmpty() ? "[]" : "[\n" + String.join(",\n", objects) + "\n]";
  }

  private static String number(Optional<Double> score) {
    return score.filter(Double::isFinite).map(value -> Double.toString(value)).orElse("null");
  }
}
