package dev.demur.app.command.explain;

import dev.demur.lab.explain.CausalResult;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.Explanation.ComponentRow;
import dev.demur.lab.explain.Explanation.HeadCondition;
import dev.demur.lab.explain.Explanation.Written;
import dev.demur.lab.stats.Estimate;
import dev.demur.model.text.Prompt.Region;
import java.nio.file.Path;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the explain command prints at the end.
///
/// @param found what was found
/// @param folder where the report is
record ExplainSummary(Explanation found, Path folder) {

  /// One page for people.
  String text() {
    var text = new Formatter(Locale.ROOT);
    var subject = found.subject();
    var prompts = found.prompts();
    text.format(
        "%s: %d of %d prompts of %s are refused as they are; only these count.%n",
        subject.model(), prompts.refused(), prompts.read(), prompts.harmful());
    text.format(
        "Direction read at layer %d, position %d; refusal opens with %s.%n%n",
        subject.directionLayer(),
        subject.directionPosition(),
        String.join(" ", subject.refusalTokens()));
    conditions(text);
    heads(text);
    found.causal().ifPresent(causal -> causal(text, causal));
    return text.format("%nReport: %s%n", folder.resolve("report.html")).toString();
  }

  private void conditions(Formatter text) {
    int layer = found.subject().directionLayer();
    text.format(
        "Last token, resid_pre of layer %d (mean ± SD, change with 95 %% interval)%n", layer);
    text.format(
        "  %-10s %9s  %14s  %-24s %14s  %s%n",
        "condition", "refused", "cosine", "change", "projection", "change");
    for (var row : found.conditions()) {
      var point = found.point(row.condition().name(), -1, layer);
      text.format(
          "  %-10s %4d/%-4d  %6.2f ± %-5.2f  %-24s %6.1f ± %-5.1f  %s%n",
          row.condition().name(),
          row.refused().successes(),
          row.refused().n(),
          point.cosine().mean(),
          point.cosine().sd(),
          change(point.cosineChange(), "%+.2f (%+.2f to %+.2f)"),
          point.projection().mean(),
          point.projection().sd(),
          change(point.projectionChange(), "%+.1f (%+.1f to %+.1f)"));
    }
  }

  private void heads(Formatter text) {
    text.format(
        "%nHeads that write most along the direction at the last token (of %s)%n",
        found.subject().readout() == found.subject().layers()
            ? "all layers"
            : "layers below " + found.subject().readout());
    text.format("  %-7s", "head");
    for (var row : found.conditions()) {
      text.format(" %10s", row.condition().name());
    }
    text.format("   attention under %s%n", "plain → " + second());
    for (var head : found.heads()) {
      text.format("  %-7s", head.head().text());
      head.conditions().forEach(c -> text.format(" %10.2f", c.written().amount().mean()));
      text.format("   %s%n", attention(head.conditions()));
    }
    text.format("  %-7s", "sum");
    for (int i = 0; i < found.conditions().size(); i++) {
      text.format(" %10.2f", sum(i));
    }
    text.format("   of everything written%n");
  }

  /// The condition attention is compared with.
  private String second() {
    return found.conditions().get(1).condition().name();
  }

  private double sum(int condition) {
    return found.components().stream()
        .map(ComponentRow::written)
        .map(written -> written.get(condition))
        .map(Written::amount)
        .mapToDouble(Estimate::mean)
        .sum();
  }

  private static String attention(List<HeadCondition> conditions) {
    var text = new StringBuilder();
    var plain = conditions.get(0);
    var other = conditions.get(1);
    for (var region : Region.values()) {
      double before = mass(plain, region);
      double after = mass(other, region);
      if (Math.max(before, after) >= 0.005) {
        text.append(text.isEmpty() ? "" : ", ")
            .append(region.name().toLowerCase(Locale.ROOT))
            .append(String.format(Locale.ROOT, " %.2f → %.2f", before, after));
      }
    }
    return text.toString();
  }

  private static double mass(HeadCondition condition, Region region) {
    return condition.regions().stream()
        .filter(row -> row.region() == region)
        .mapToDouble(row -> row.mass().mean())
        .findFirst()
        .orElse(0);
  }

  private static void causal(Formatter text, CausalResult causal) {
    text.format(
        "%nPut back into %s what was there without it (%d prompts; %.2f nats, %.1f of projection"
            + " lost)%n",
        causal.condition(),
        causal.prompts(),
        causal.lostScore().mean(),
        causal.lostProjection().mean());
    for (var row : causal.rows()) {
      switch (row.patch().kind()) {
        case HEAD, PATTERN, ALL_HEADS ->
            text.format(
                "  %-14s score %+6.2f (%+.2f to %+.2f), projection %+6.2f: %3.0f %% and %3.0f %%"
                    + " back%s%n",
                row.patch().text(),
                row.score().mean(),
                row.score().low(),
                row.score().high(),
                row.projection().mean(),
                100 * row.scoreBack(),
                100 * row.projectionBack(),
                verdict(row));
        case ATTENTION, MLP, STREAM, EVERYTHING -> {}
      }
    }
  }

  private static String verdict(CausalResult.CausalRow row) {
    return switch (row.verdict()) {
      case DOES_NOT_SURVIVE -> "; attribution does not survive";
      case NOT_SHOWN -> "; not shown (n = " + row.score().n() + ")";
      case SURVIVES, NOT_SUGGESTED, NOT_APPLICABLE -> "";
    };
  }

  private static String change(Optional<Estimate> change, String format) {
    return change
        .map(c -> String.format(Locale.ROOT, format, c.mean(), c.low(), c.high()))
        .orElse("");
  }
}
