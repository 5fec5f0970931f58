package dev.demur.lab.report.explain;

import dev.demur.lab.explain.BaseResult;
import dev.demur.lab.explain.CausalResult;
import dev.demur.lab.explain.CausalResult.CausalRow;
import dev.demur.lab.explain.CausalResult.Verdict;
import dev.demur.lab.explain.Condition;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.Explanation.ConditionRow;
import dev.demur.lab.explain.Patch;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.stats.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What an explanation found, how sure that is, and what it does not show, in plain words.
///
/// @param found what is told
record ExplainWords(Explanation found) {

  /// The sentence a hurried reader reads.
  String lead() {
    var plain = found.conditions().getFirst();
    var harmless = found.condition("harmless");
    String base =
        String.format(
            Locale.ROOT,
            "At the last token the stream of layer %d has cosine %s with the direction for refused"
                + " prompts and %s for harmless ones.",
            layer(),
            cosine(plain),
            cosine(harmless));
    return suffix()
        .map(
            row ->
                base
                    + String.format(
                        Locale.ROOT,
                        " With the suffix it is %s, and %d of %d prompts are still refused.",
                        cosine(row),
                        row.refused().successes(),
                        row.refused().n()))
        .orElse(base);
  }

  List<String> facts() {
    var items = new ArrayList<String>();
    var top =
        found.heads().stream()
            .limit(3)
            .map(
                h ->
                    h.head().text()
                        + " ("
                        + stream(h.conditions().getFirst().written().amount().mean())
                        + ")")
            .collect(Collectors.joining(", "));
    items.add("Most is written under plain by heads " + top + ", in stream units.");
    for (var row : found.conditions()) {
      if (row.condition().isPaired()) {
        items.add(change(row));
      }
    }
    return items;
  }

  private String change(ConditionRow row) {
    var point = found.point(row.condition().name(), -1, layer());
    var cosine = point.cosineChange().orElseThrow();
    long fallen =
        found.heads().stream()
            .filter(h -> written(h, row).filter(c -> c.high() < 0).isPresent())
            .count();
    return String.format(
        Locale.ROOT,
        "%s: cosine %s (95 %% interval %s)%s; %d of the %d heads write less beyond chance.",
        row.condition().name(),
        signed(cosine.mean(), Unit.COSINE),
        Numbers.range(cosine.interval(), Unit.COSINE),
        cosine.differsFromZero() ? "" : ", a change is not shown (n = " + cosine.n() + ")",
        fallen,
        found.heads().size());
  }

  private static Optional<Estimate> written(Explanation.HeadRow head, ConditionRow row) {
    return head.conditions().stream()
        .map(Explanation.HeadCondition::written)
        .filter(w -> w.condition().equals(row.condition().name()))
        .findFirst()
        .flatMap(Explanation.Written::change);
  }

  List<String> certainty() {
    var items = new ArrayList<String>();
    var counts = found.prompts();
    items.add(
        String.format(
            Locale.ROOT,
            "%d of %d prompts of %s are refused as they are; only these count. %s harmless prompts"
                + " stand beside them.",
            counts.refused(),
            counts.read(),
            counts.harmful(),
            counts.harmlessRead()));
    items.add(
        String.format(
            Locale.ROOT,
            "What was written adds up to the projection except for %.2g of its largest value:"
                + " rounding of the model's type.",
            found.unexplained()));
    found
        .causal()
        .ifPresent(
            causal -> {
              items.add(
                  String.format(
                      Locale.ROOT,
                      "Put back together, these heads restore %s of the lost refusal score (%d"
                          + " prompts).",
                      Numbers.share(
                          causal.rows().stream()
                              .filter(r -> r.patch().kind() == Patch.Kind.ALL_HEADS)
                              .mapToDouble(CausalRow::scoreBack)
                              .sum()),
                      causal.prompts()));
              items.add(attribution(causal));
            });
    return items;
  }

  /// What interventions say of the heads that write less. An interval that covers 0 says nothing.
  static String attribution(CausalResult causal) {
    var failed = patches(causal, Verdict.DOES_NOT_SURVIVE);
    var open = patches(causal, Verdict.NOT_SHOWN);
    if (failed.isEmpty() && open.isEmpty()) {
      return "Every head whose attribution fell brings score or projection back when it is"
          + " restored.";
    }
    var sentences = new ArrayList<String>();
    if (!failed.isEmpty()) {
      sentences.add("Attribution does not survive intervention for " + failed + ".");
    }
    if (!open.isEmpty()) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "That restoring brings score or projection back is not shown (n = %d) for %s.",
              causal.prompts(),
              open));
    }
    return String.join(" ", sentences);
  }

  private static String patches(CausalResult causal, Verdict verdict) {
    return causal.rows().stream()
        .filter(row -> row.verdict() == verdict)
        .map(row -> row.patch().text())
        .collect(Collectors.joining(", "));
  }

  /// How the base model was given the prompts.
  static String reading(BaseResult base) {
    return switch (base.reading()) {
      case NEWLINE ->
          "The same instructions in %s, as in the paper: each followed by a newline, in the chat model after the beginning of its template, in the base alone. Both are read at the last token; all prompts count, refused or not."
              .formatted(base.base());
      case TEMPLATE ->
          "The same refused prompts in %s, in the chat model's whole template, read at its last token."
              .formatted(base.base());
    };
  }

  List<String> limits() {
    return List.of(
        "Attribution counts what a component writes itself, not what it makes later ones write.",
        "Only the last token is accounted for; what is written at earlier tokens shows as what"
            + " heads read there.",
        "Intervals are for single comparisons; among many heads some differ by chance.");
  }

  private Optional<ConditionRow> suffix() {
    return found.conditions().stream()
        .filter(row -> row.condition().kind() == Condition.Kind.SUFFIX)
        .findFirst();
  }

  private int layer() {
    return found.subject().directionLayer();
  }

  private String cosine(ConditionRow row) {
    return Numbers.amount(
        found.point(row.condition().name(), -1, layer()).cosine().mean(), Unit.COSINE);
  }

  private static String stream(double value) {
    return Numbers.amount(value, Unit.STREAM);
  }

  private static String signed(double value, Unit unit) {
    return (value > 0 ? "+" : "") + Numbers.amount(value, unit);
  }
}
