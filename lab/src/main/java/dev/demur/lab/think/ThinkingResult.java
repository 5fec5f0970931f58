package dev.demur.lab.think;

import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.trial.Column;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a thinking grid found.
///
/// @param model its name
/// @param judge whose verdicts the rates are
/// @param policy what was tried, as a line
/// @param lines the model's own thought with an unsteered answer first
/// @param timeline where thoughts turn along the policy's direction; empty where it has none, or a
///   set is missing
public record ThinkingResult(
    String model, String judge, String policy, List<Line> lines, Optional<Timeline> timeline) {

  public ThinkingResult {
    lines = List.copyOf(lines);
  }

  /// One cell's numbers.
  ///
  /// @param cell which
  /// @param sets by what their prompts are for, in the columns' order
  public record Line(GridCell cell, Map<Column, Numbers> sets) {

    public Line {
      sets = Collections.unmodifiableMap(new TreeMap<>(sets));
    }

    /// A set's numbers, where it was asked.
    public Optional<Numbers> of(Column column) {
      return Optional.ofNullable(sets.get(column));
    }
  }

  /// One set in one cell.
  ///
  /// @param refused of the answers that were judged; empty where none was
  /// @param freed prompts no longer refused, of those the plain model refuses; an unfinished
  ///   thought does not count as an answer. Empty for the plain model, and where it refuses none
  /// @param unfinished thoughts that were not closed
  /// @param broken answers that are empty or loop
  /// @param change of refusals from the plain model, where both answers were judged; empty for that
  ///   model
  /// @param thoughtTokens of a thought, the mean
  public record Numbers(
      Optional<Rate> refused,
      Optional<Rate> freed,
      Rate unfinished,
      Rate broken,
      Optional<PairedTest> change,
      double thoughtTokens) {}
}
