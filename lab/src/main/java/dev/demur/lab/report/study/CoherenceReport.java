package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.rangeOr;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.coherence.Coherence.Change;
import dev.demur.lab.coherence.Coherence.Stretch;
import dev.demur.lab.coherence.Coherence.VariantRow;
import dev.demur.lab.coherence.Corpus.Kind;
import dev.demur.lab.coherence.CrossEntropy;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.SummaryJson;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.steer.Variant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The page of what interventions cost on text, for a terminal and for programs.
public final class CoherenceReport {

  private static final String UNEDITED = "unedited";
  private static final String NOT_MEASURED = "own answers only";

  private CoherenceReport() {}

  /// Tells the cross-entropy of every variant, a section a corpus.
  ///
  /// @param model its name
  /// @param measured one for each corpus
  public static Report of(String model, List<Coherence> measured) {
    return new Report(
        "Demur coherence",
        model,
        "cross-entropy, nats per token (difference: 95 % interval by resampling texts)",
        measured.stream().map(CoherenceReport::section).toList());
  }

  private static Section section(Coherence corpus) {
    var loss = corpus.variants().getFirst().loss();
    return new Section(
        "corpus",
        "%s (%s): %s, %s"
            .formatted(
                corpus.corpus(),
                corpus.kind().text(),
                Numbers.counted(loss.texts(), "passage"),
                Numbers.counted(loss.tokens(), "token")),
        List.of(new Data(table(corpus), Fold.OPEN)));
  }

  private static Table table(Coherence corpus) {
    return Table.of(
        "losses",
        "",
        corpus.variants(),
        code("variant", "Variant", row -> row.variant().text()),
        number("ce_loss", "Loss", Unit.LOSS, row -> row.loss().perToken()),
        number("perplexity", "Perplexity", Unit.RATIO, row -> row.loss().perplexity()),
        numberOr(
            "difference",
            "Difference",
            Unit.LOSS,
            row -> row.change().map(Change::difference),
            UNEDITED),
        rangeOr(
            "difference_interval",
            "95 % interval",
            Unit.LOSS,
            row -> row.change().map(Change::interval),
            UNEDITED),
        numberOr(
            "kl", "KL", Unit.KL, row -> row.change().flatMap(Change::divergence), NOT_MEASURED),
        numberOr("kl_first", "first", Unit.KL, CoherenceReport::firstToken, NOT_MEASURED));
  }

  /// Divergence at the first token of the answers, which the selection's KL score sees too.
  private static Optional<Double> firstToken(VariantRow row) {
    return row.change()
        .filter(change -> change.divergence().isPresent())
        .map(change -> change.along().getFirst().divergence());
  }

  /// The same for programs: `coherence.json`. Names of losses are those of the released code's
  /// files.
  public static String json(String model, List<Coherence> measured) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("model", model);
    summary.put("corpora", measured.stream().map(CoherenceReport::values).toList());
    return SummaryJson.write(summary);
  }

  /// The section of a report that shows what a `coherence.json` holds.
  ///
  /// @param id of the section and its table
  /// @throws IllegalArgumentException if it holds no such numbers
  public static Section read(String id, JsonNode json) {
    var measured = parse(json);
    return new Section(
        id,
        "Cost on text",
        List.of(
            new Prose(
                "Cross-entropy of "
                    + json.path("model").asString("")
                    + " on text, measured apart from the study."),
            new Data(CoherenceTables.losses(id, measured), Fold.OPEN)));
  }

  /// The corpora of a `coherence.json`.
  ///
  /// @throws IllegalArgumentException if it holds no such numbers
  public static List<Coherence> parse(JsonNode json) {
    return json.path("corpora").valueStream().map(CoherenceReport::corpus).toList();
  }

  private static Coherence corpus(JsonNode json) {
    String kind = json.path("kind").asString("");
    return new Coherence(
        json.path("corpus").asString(""),
        Arrays.stream(Kind.values())
            .filter(k -> k.text().equals(kind))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no corpus is of kind " + kind)),
        json.path("variants").valueStream().map(CoherenceReport::variant).toList());
  }

  private static VariantRow variant(JsonNode json) {
    return new VariantRow(
        Variant.of(json.path("variant").asString("")),
        new CrossEntropy(
            json.path("passages").asInt(),
            json.path("n_tokens").asLong(),
            json.path("nats").asDouble()),
        json.has("difference") ? Optional.of(change(json)) : Optional.empty());
  }

  private static Change change(JsonNode json) {
    return new Change(
        json.path("difference").asDouble(),
        new Interval(
            json.path("low").asDouble(),
            json.path("high").asDouble(),
            Interval.USUAL_LEVEL,
            "bootstrap percentile"),
        json.has("kl") ? Optional.of(json.path("kl").asDouble()) : Optional.empty(),
        List.of());
  }

  private static Map<String, Object> values(Coherence corpus) {
    var values = new LinkedHashMap<String, Object>();
    values.put("corpus", corpus.corpus());
    values.put("kind", corpus.kind().text());
    values.put("variants", corpus.variants().stream().map(CoherenceReport::values).toList());
    return values;
  }

  private static Map<String, Object> values(VariantRow row) {
    var values = new LinkedHashMap<String, Object>();
    values.put("variant", row.variant());
    values.put("ce_loss", row.loss().perToken());
    values.put("perplexity", row.loss().perplexity());
    values.put("n_tokens", row.loss().tokens());
    values.put("nats", row.loss().nats());
    values.put("passages", row.loss().texts());
    row.change().ifPresent(change -> values.putAll(values(change)));
    return values;
  }

  private static Map<String, Object> values(Change change) {
    var values = new LinkedHashMap<String, Object>();
    values.put("difference", change.difference());
    values.put("low", change.interval().low());
    values.put("high", change.interval().high());
    change
        .divergence()
        .ifPresent(
            kl -> {
              values.put("kl", kl);
              values.put("kl_along", change.along().stream().map(CoherenceReport::values).toList());
            });
    return values;
  }

  private static Map<String, Object> values(Stretch stretch) {
    var values = new LinkedHashMap<String, Object>();
    values.put("from", stretch.from());
    values.put("to", stretch.to());
    values.put("n_tokens", stretch.tokens());
    values.put("kl", stretch.divergence());
    return values;
  }
}
