package dev.demur.app.command.audit;

import dev.demur.lab.diff.RunDiff;
import dev.demur.lab.diff.RunDiff.CandidateCosine;
import dev.demur.lab.diff.RunDiff.RateChange;
import dev.demur.lab.diff.RunDiff.Setting;
import dev.demur.lab.diff.RunDiff.Side;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.stats.PairedTest;
import java.util.Formatter;
import java.util.Locale;
import java.util.Optional;

/// Two runs on one page.
///
/// @param diff what differs
record RunDiffPage(RunDiff diff) {

  /// A hash or a long list is told from another by its first characters.
  private static final int SHOWN = 24;

  String text() {
    var text = new Formatter(Locale.ROOT);
    text.format("A  %s (%s)%n     %s%n", first().name(), first().model(), sentence(first()));
    text.format("B  %s (%s)%n     %s%n%n", second().name(), second().model(), sentence(second()));
    diff.obstacles().forEach(obstacle -> text.format("%s%n", obstacle));
    if (!diff.obstacles().isEmpty()) {
      text.format("%n");
    }
    settings(text);
    selections(text);
    directions(text);
    rates(text);
    return text.toString();
  }

  private Side first() {
    return diff.first();
  }

  private Side second() {
    return diff.second();
  }

  private static String sentence(Side side) {
    return side.finding().sentence();
  }

  private void settings(Formatter text) {
    if (diff.settings().isEmpty()) {
      text.format("Model facts and settings are the same.%n");
      return;
    }
    text.format("Not the same%n");
    for (Setting setting : diff.settings()) {
      text.format(
          "  %s: %s and %s%n", setting.name(), shown(setting.first()), shown(setting.second()));
    }
  }

  private static String shown(String value) {
    return value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
  }

  private void selections(Formatter text) {
    if (first().chosen().isEmpty() && second().chosen().isEmpty()) {
      return;
    }
    text.format("%nSelections        position  layer   bypass   induce      KL  verdict%n");
    choice(text, "A's choice in A", first().chosen());
    choice(text, "A's choice in B", second().choiceOfOther());
    choice(text, "B's choice in B", second().chosen());
    choice(text, "B's choice in A", first().choiceOfOther());
  }

  private static void choice(Formatter text, String name, Optional<CandidateScores> scores) {
    if (scores.isEmpty()) {
      text.format("  %-16s         -%n", name);
      return;
    }
    var row = scores.get();
    text.format(
        "  %-16s %8d %6d %8s %8s %7s  %s%n",
        name,
        row.candidate().position(),
        row.candidate().layer(),
        score(row.bypass(), "%.2f"),
        score(row.induce(), "%.2f"),
        score(row.kl(), "%.3f"),
        row.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }

  private static String score(Optional<Double> value, String format) {
    return value.map(v -> String.format(Locale.ROOT, format, v)).orElse("-");
  }

  private void directions(Formatter text) {
    if (diff.candidates().isEmpty()) {
      return;
    }
    text.format("%nDirections%n");
    diff.chosenCosine().ifPresent(c -> text.format("  cosine of the chosen ones  %s%n", cosine(c)));
    var positions =
        diff.candidates().stream().map(c -> c.candidate().position()).distinct().toList();
    var layers =
        diff.candidates().stream().map(c -> c.candidate().layer()).distinct().sorted().toList();
    text.format("  cosine at the same place; columns are positions%n  layer");
    positions.forEach(position -> text.format(" %7d", position));
    for (int layer : layers) {
      text.format("%n  %5d", layer);
      positions.forEach(position -> text.format(" %7s", at(position, layer)));
    }
    text.format("%n");
  }

  private String at(int position, int layer) {
    return diff.candidates().stream()
        .filter(c -> c.candidate().position() == position && c.candidate().layer() == layer)
        .findFirst()
        .map(CandidateCosine::cosine)
        .map(RunDiffPage::cosine)
        .orElse("-");
  }

  private static String cosine(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void rates(Formatter text) {
    if (diff.rates().isEmpty()) {
      return;
    }
    String judge = diff.rates().getFirst().judge();
    var rows = diff.rates().stream().filter(row -> row.judge().equals(judge)).toList();
    int width = rows.stream().mapToInt(row -> name(row).length()).max().orElse(0);
    text.format(
        "%nRefused, judge %s (--json has all)%n  %s        A        B   B − A, points (95 %%"
            + " interval)  only A  only B       p  p (Holm)%n",
        judge, " ".repeat(width));
    rows.forEach(row -> rate(text, row, width));
    text.format(
        "%np by the exact McNemar test on the prompts both runs asked, corrected over all rows of"
            + " all judges; intervals by Tango.%n");
  }

  private static String name(RateChange row) {
    return row.set() + ", " + row.variant();
  }

  private static void rate(Formatter text, RateChange row, int width) {
    text.format(
        "  %-" + width + "s %6.1f %% %6.1f %%",
        name(row),
        100 * row.first().share(),
        100 * row.second().share());
    row.test().ifPresentOrElse(test -> test(text, test), () -> text.format("  not tested%n"));
  }

  private static void test(Formatter text, PairedTest test) {
    String change =
        String.format(
            Locale.ROOT,
            "%+.1f (%+.1f to %+.1f)",
            100 * test.change(),
            100 * test.interval().low(),
            100 * test.interval().high());
    text.format(
        "  %30s  %6d  %6d  %6s  %8s%n",
        change,
        test.counts().onlyFirst(),
        test.counts().onlySecond(),
        pValue(test.pValue()),
        pValue(test.adjusted()));
  }

  private static String pValue(double p) {
    return p < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", p);
  }
}
