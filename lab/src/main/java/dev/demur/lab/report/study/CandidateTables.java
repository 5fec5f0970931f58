package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Tables of a selection.
final class CandidateTables {

  /// Rows of the short table: enough to see how close the race was.
  private static final int CONTENDERS = 8;

  private CandidateTables() {}

  /// Every candidate, in the study's order.
  static Table candidates(Selection selection, List<String> eoiTokens) {
    return table(
        "candidates",
        "Every candidate: scores in nats, norm in stream units.",
        selection.rows(),
        selection,
        eoiTokens);
  }

  /// The candidates that may be chosen, best first.
  static Table contenders(Selection selection, List<String> eoiTokens) {
    return table(
        "contenders",
        switch (selection.rules().criterion()) {
          case BYPASS -> "Eligible candidates with the lowest bypass scores, best first.";
          case COSMIC -> "Eligible candidates with the highest scores of COSMIC, best first.";
        },
        eligible(selection).stream().limit(CONTENDERS).toList(),
        selection,
        eoiTokens);
  }

  /// How many candidates each filter leaves out.
  static Table verdicts(Selection selection) {
    return Table.of(
        "verdicts",
        "How many candidates are eligible, and how many each filter leaves out first.",
        List.of(Verdict.values()),
        text("verdict", "Verdict", verdict -> Wording.verdict(verdict, selection.rules())),
        count("candidates", "Candidates", verdict -> with(selection, verdict)));
  }

  /// Candidates that pass every filter, best first.
  static List<CandidateScores> eligible(Selection selection) {
    return selection.rows().stream()
        .filter(row -> row.verdict() == Verdict.ELIGIBLE)
        .sorted(Selection.better(selection.rules()))
        .toList();
  }

  static long with(Selection selection, Verdict verdict) {
    return selection.rows().stream().filter(row -> row.verdict() == verdict).count();
  }

  /// The end-of-instruction token at a position counted from the end.
  static String token(List<String> eoiTokens, int position) {
    int place = eoiTokens.size() + position;
    return place < 0 ? "" : Wording.token(eoiTokens.get(place));
  }

  private static Table table(
      String id,
      String caption,
      List<CandidateScores> rows,
      Selection selection,
      List<String> eoiTokens) {
    var rules = selection.rules();
    Predicate<CandidateScores> chosen = row -> selection.chosen().filter(row::equals).isPresent();
    return Table.of(
        id,
        caption,
        rows,
        chosen,
        ordinal("position", "Position", row -> row.candidate().position()),
        code("token", "Token", row -> token(eoiTokens, row.candidate().position())),
        ordinal("layer", "Layer", row -> row.candidate().layer()),
        score("bypass", "Bypass", Unit.NATS, CandidateScores::bypass, rules),
        score("induce", "Induce", Unit.NATS, CandidateScores::induce, rules),
        score("kl", "KL", Unit.KL, CandidateScores::kl, rules),
        cosmic(rules),
        number("norm", "Norm", Unit.STREAM, CandidateScores::norm),
        text(
            "verdict",
            "Verdict",
            row -> chosen.test(row) ? "chosen" : Wording.verdict(row.verdict(), rules)));
  }

  private static Columns<CandidateScores> cosmic(SelectionRules rules) {
    return switch (rules.criterion()) {
      case BYPASS -> Columns.together(List.of());
      case COSMIC -> score("cosmic", "COSMIC", Unit.COSINE, CandidateScores::cosmic, rules);
    };
  }

  private static Columns<CandidateScores> score(
      String key,
      String heading,
      Unit unit,
      Function<CandidateScores, Optional<Double>> score,
      SelectionRules rules) {
    return cell(Column.number(key, heading), row -> score(score.apply(row), unit, row, rules));
  }

  private static Cell score(
      Optional<Double> score, Unit unit, CandidateScores row, SelectionRules rules) {
    if (score.isEmpty()) {
      return new Missing("not scored: " + Wording.verdict(row.verdict(), rules));
    }
    return Double.isFinite(score.get())
        ? new Amount(score.get(), unit)
        : new Missing("not finite: " + score.get());
  }
}
