package dev.demur.app.command.measure;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.coherence.Coherence.Change;
import dev.demur.lab.coherence.Coherence.Stretch;
import dev.demur.lab.coherence.Coherence.VariantRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// What the coherence command prints.
///
/// @param model its name
/// @param measured one for each corpus
record CoherenceSummary(String model, List<Coherence> measured) {

  /// Room for the names of variants.
  private static final int NAME_WIDTH = 12;

  /// For people.
  String text() {
    var text = new StringBuilder("Cross-entropy, nats per token (difference: 95 % interval by");
    text.append(" resampling texts)\n");
    for (var corpus : measured) {
      var loss = corpus.variants().getFirst().loss();
      text.append(
          String.format(
              Locale.ROOT,
              "\n%s (%s): %,d passages, %,d tokens\n",
              corpus.corpus(),
              corpus.kind().text(),
              loss.texts(),
              loss.tokens()));
      corpus.variants().forEach(row -> text.append(line(row)));
    }
    return text.toString();
  }

  private static String line(VariantRow row) {
    return String.format(
            Locale.ROOT,
            "  %-" + NAME_WIDTH + "s %7.4f  (perplexity %.2f)",
            row.variant(),
            row.loss().perToken(),
            row.loss().perplexity())
        + row.change().map(CoherenceSummary::change).orElse("")
        + "\n";
  }

  private static String change(Change change) {
    String difference =
        String.format(
            Locale.ROOT,
            "  %+.4f (%+.4f to %+.4f)",
            change.difference(),
            change.interval().low(),
            change.interval().high());
    return change
        .divergence()
        .map(
            kl ->
                difference
                    + String.format(
                        Locale.ROOT,
                        "  KL %.4f (first token %.4f)",
                        kl,
                        change.along().getFirst().divergence()))
        .orElse(difference);
  }

  /// For programs. Names of losses are those of the released code's files.
  String json() {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("model", model);
    summary.put("corpora", measured.stream().map(CoherenceSummary::corpus).toList());
    return JsonMapper.shared().writeValueAsString(summary) + "\n";
  }

  private static Map<String, Object> corpus(Coherence coherence) {
    var values = new LinkedHashMap<String, Object>();
    values.put("corpus", coherence.corpus());
    values.put("kind", coherence.kind().text());
    values.put(
        "variants",
        coherence.variants().stream().map(CoherenceSummary::variant).collect(Collectors.toList()));
    return values;
  }

  private static Map<String, Object> variant(VariantRow row) {
    var values = new LinkedHashMap<String, Object>();
    values.put("variant", row.variant());
    values.put("ce_loss", row.loss().perToken());
    values.put("perplexity", row.loss().perplexity());
    values.put("n_tokens", row.loss().tokens());
    values.put("nats", row.loss().nats());
    values.put("passages", row.loss().texts());
    row.change()
        .ifPresent(
            change -> {
              values.put("difference", change.difference());
              values.put("low", change.interval().low());
              values.put("high", change.interval().high());
              change
                  .divergence()
                  .ifPresent(
                      kl -> {
                        values.put("kl", kl);
                        values.put(
                            "kl_along",
                            change.along().stream().map(CoherenceSummary::stretch).toList());
                      });
            });
    return values;
  }

  private static Map<String, Object> stretch(Stretch stretch) {
    var values = new LinkedHashMap<String, Object>();
    values.put("from", stretch.from());
    values.put("to", stretch.to());
    values.put("n_tokens", stretch.tokens());
    values.put("kl", stretch.divergence());
    return values;
  }
}
