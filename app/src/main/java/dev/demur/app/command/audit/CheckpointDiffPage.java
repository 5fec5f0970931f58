package dev.demur.app.command.audit;

import dev.demur.lab.diff.CheckpointDiff;
import dev.demur.lab.diff.CheckpointDiff.Change;
import dev.demur.lab.diff.CheckpointDiff.Common;
import dev.demur.lab.diff.CheckpointDiff.InStream;
import java.util.Comparator;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/// Two checkpoints on one page.
///
/// @param diff what differs
/// @param limit at most so many tensors are listed
record CheckpointDiffPage(CheckpointDiff diff, int limit) {

  /// Names shown of tensors that only one has.
  private static final int NAMES = 5;

  /// Kinds of tensors, in the order they are told.
  private static final List<String> KINDS = List.of("embedding", "attention", "mlp", "other");

  String text() {
    var text = new Formatter(Locale.ROOT);
    text.format("A  %s%nB  %s%n%n", diff.first(), diff.second());
    if (diff.isEmpty()) {
      text.format("All %d tensors hold the same numbers.%n", diff.same());
    } else {
      text.format("%d tensors are the same, %d changed.%n", diff.same(), diff.changed().size());
      only(text, "A", diff.onlyFirst());
      only(text, "B", diff.onlySecond());
    }
    diff.other().forEach(sentence -> text.format("%s%n", sentence));
    if (!diff.changed().isEmpty()) {
      text.format("%n");
      KINDS.forEach(kind -> kind(text, kind));
      diff.common().ifPresent(common -> common(text, common));
      table(text);
    }
    return text.toString();
  }

  private static void only(Formatter text, String side, List<String> names) {
    if (!names.isEmpty()) {
      text.format(
          "Only in %s: %s%s%n",
          side,
          String.join(", ", names.subList(0, Math.min(NAMES, names.size()))),
          names.size() > NAMES ? " and %d more".formatted(names.size() - NAMES) : "");
    }
  }

  private void kind(Formatter text, String kind) {
    var changes = diff.changed().stream().filter(c -> c.kind().equals(kind)).toList();
    if (!changes.isEmpty()) {
      text.format(
          "  %-10s %3d changed, by %s of their size; rank 1 holds %s of a change%n",
          kind,
          changes.size(),
          range(changes, Change::relative, CheckpointDiffPage::number),
          range(changes, Change::rankOne, CheckpointDiffPage::percent));
    }
  }

  private static void common(Formatter text, Common common) {
    text.format(
        "%n  What writes to the stream changed along directions with mean |cos| %.2f (independent"
            + " ones: %.2f).%n",
        common.agreement(), common.independent());
    text.format(
        "  Of the direction they have in common, %s of what was written is gone (median)%s.%n",
        percent(common.removed()),
        common
            .withGiven()
            .map(c -> String.format(Locale.ROOT, "; |cos| with the one given: %.3f", c))
            .orElse(""));
  }

  private void table(Formatter text) {
    var rows =
        diff.changed().stream()
            .sorted(Comparator.comparingDouble(Change::relative).reversed())
            .limit(limit)
            .toList();
    text.format("%n    change  rank 1  |cos| with common      gone  tensor%n");
    for (var row : rows) {
      text.format(
          "  %8s  %6s  %17s  %8s  %s%n",
          number(row.relative()),
          percent(row.rankOne()),
          row.writer().map(w -> String.format(Locale.ROOT, "%.2f", w.alignment())).orElse("-"),
          row.writer().map(InStream::removed).map(CheckpointDiffPage::percent).orElse("-"),
          row.tensor());
    }
    if (rows.size() < diff.changed().size()) {
      text.format("  and %d more (--limit)%n", diff.changed().size() - rows.size());
    }
  }

  /// The smallest and the largest value, or the one where they read the same.
  private static String range(
      List<Change> changes, ToDoubleFunction<Change> value, DoubleFunction<String> shown) {
    var values = changes.stream().mapToDouble(value).summaryStatistics();
    String least = shown.apply(values.getMin());
    String most = shown.apply(values.getMax());
    return least.equals(most) ? least : least + " to " + most;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 0.001 ? "%.3f" : "%.1e", value);
  }
}
