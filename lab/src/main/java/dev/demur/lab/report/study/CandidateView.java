package dev.demur.lab.report.study;

import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the drawings of a selection share: places, their labels and their tooltips.
///
/// @param selection what is drawn
/// @param eoiTokens names the positions
/// @param layers blocks of the model
record CandidateView(Selection selection, List<String> eoiTokens, int layers) {

  /// Longer tokens would leave no room for the drawing.
  private static final int LONGEST_TOKEN = 20;

  CandidateView {
    eoiTokens = List.copyOf(eoiTokens);
  }

  /// Token positions that have candidates, ascending.
  List<Integer> positions() {
    return selection.rows().stream()
        .map(row -> row.candidate().position())
        .distinct()
        .sorted()
        .toList();
  }

  /// `−2 assistant`.
  String label(int position) {
    String token = CandidateTables.token(eoiTokens, position);
    String shown = Wording.shortened(token, LONGEST_TOKEN);
    return Numbers.ordinal(position) + (shown.isEmpty() ? "" : "  " + shown);
  }

  boolean isChosen(CandidateScores row) {
    return selection.chosen().filter(row::equals).isPresent();
  }

  /// Everything known of a candidate, a line each.
  String tip(CandidateScores row) {
    var lines = new ArrayList<String>();
    lines.add(
        String.format(
            Locale.ROOT,
            "position %s, layer %d%s",
            Numbers.ordinal(row.candidate().position()),
            row.candidate().layer(),
            isChosen(row) ? " — chosen" : ""));
    for (var score : Score.values()) {
      lines.add(
          score.title().toLowerCase(Locale.ROOT).replace("kl", "KL")
              + " "
              + score.of(row).map(score::format).orElse("not scored"));
    }
    lines.add(Wording.verdict(row.verdict(), selection.rules()));
    return String.join("\n", lines);
  }
}
