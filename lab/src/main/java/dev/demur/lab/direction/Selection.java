package dev.demur.lab.direction;

import dev.demur.lab.direction.CandidateScores.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Every candidate's scores, and the one chosen.
///
/// Source: Arditi et al. 2024, section 2.3: among candidates that pass the filters, the one with
/// the smallest bypass score; ties go to the earlier position, then to the earlier layer. By
/// COSMIC's criterion it is the one with the largest score of that kind.
///
/// @param rows all candidates, position ascending, then layer ascending
/// @param rules the filters
/// @param chosen the winner, when any candidate passed
public record Selection(
    List<CandidateScores> rows, SelectionRules rules, Optional<CandidateScores> chosen) {

  public Selection {
    rows = List.copyOf(rows);
  }

  /// Chooses among scored candidates.
  ///
  /// @param rows in the order that settles ties
  public static Selection of(List<CandidateScores> rows, SelectionRules rules) {
    // min keeps the first of equals, which is the order that settles ties.
    var chosen = rows.stream().filter(row -> row.verdict() == Verdict.ELIGIBLE).min(better(rules));
    return new Selection(rows, rules, chosen);
  }

  /// Better candidates first, by the rules' criterion; one that has no such score comes last.
  public static Comparator<CandidateScores> better(SelectionRules rules) {
    return switch (rules.criterion()) {
      case BYPASS ->
          Comparator.comparingDouble(row -> row.bypass().orElse(Double.POSITIVE_INFINITY));
      case COSMIC ->
          Comparator.comparingDouble(row -> -row.cosmic().orElse(Double.NEGATIVE_INFINITY));
    };
  }
}
