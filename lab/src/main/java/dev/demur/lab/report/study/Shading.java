package dev.demur.lab.report.study;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/// A number that a [CandidateMap] shows as colour.
///
/// @param id in anchors
/// @param title of the map
/// @param meaning a sentence
/// @param order which end is bright
/// @param value of a candidate, where it can be drawn
/// @param scale where a value stands among the colours
/// @param format a value as text
record Shading(
    String id,
    String title,
    String meaning,
    Order order,
    Function<CandidateScores, Optional<Double>> value,
    DoubleUnaryOperator scale,
    DoubleFunction<String> format) {

  /// Which end is bright.
  enum Order {
    LOWER_IS_BETTER("Brighter is better"),
    HIGHER_IS_BETTER("Brighter is better"),
    HIGHER_IS_MORE("Brighter is more");

    private final String words;

    Order(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  static Shading of(Score score) {
    return new Shading(
        score.id(),
        score.title(),
        score.meaning(),
        score.lowerIsBetter() ? Order.LOWER_IS_BETTER : Order.HIGHER_IS_BETTER,
        score::drawable,
        score::onScale,
        score::format);
  }

  static Shading norm() {
    return new Shading(
        "norm",
        "Norm of the difference of means",
        "Length of the candidate, in stream units; streams grow with depth, and so do their"
            + " differences.",
        Order.HIGHER_IS_MORE,
        row -> Optional.of(row.norm()),
        value -> value,
        value -> Numbers.amount(value, Unit.STREAM));
  }

  /// @param separations d′ by place
  static Shading separation(Map<Candidate, Double> separations) {
    return new Shading(
        "separation",
        "Separation of the training prompts",
        "d′ of harmful against harmless training prompts along the candidate: the difference of"
            + " mean projections in units of their spread, each half of the prompts along the"
            + " direction of the other half.",
        Order.HIGHER_IS_MORE,
        row -> Optional.ofNullable(separations.get(row.candidate())),
        value -> value,
        value -> Numbers.amount(value, Unit.RATIO));
  }
}
