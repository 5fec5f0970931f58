package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.rate;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.lab.run.StageTiming;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.ScreenResult;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyResult.DataFacts;
import dev.demur.lab.study.StudyResult.ModelFacts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Tables of what went in: screen, prompts, model, settings, time.
final class FactTables {

  private FactTables() {}

  /// How many drawn prompts pass the screen.
  static Table screen(ScreenResult screen) {
    return Table.of(
        "screen",
        "Drawn prompts that stay: harmful with a refusal score above 0, harmless below.",
        screen.sets(),
        text("set", "Prompts", set -> Wording.role(set.role())),
        count("drawn", "Drawn", set -> set.scores().size()),
        count("kept", "Kept", set -> set.kept().size()));
  }

  /// What the unedited model does with validation prompts, by its completions.
  static Table screenRates(ScreenResult screen) {
    return Table.of(
        "screen_rates",
        "The unedited model on the validation prompts, by the substring judge, with 95 % Wilson"
            + " intervals.",
        List.of(
            new Named("harmful prompts refused", screen.harmfulRefusals()),
            new Named("harmless prompts refused", screen.harmlessRefusals()),
            new Named("score and judge agree", screen.agreement())),
        text("what", "What", Named::what),
        rate("count", "Count", Named::rate));
  }

  private record Named(String what, Rate rate) {}

  /// The tokens a refusal opens with.
  static Table refusalTokens(ScreenResult screen, ModelFacts model) {
    var ids = List.copyOf(screen.tokens().ids());
    return Table.of(
        "refusal_tokens",
        "Tokens that open a refusal.",
        IntStream.range(0, ids.size()).boxed().toList(),
        ordinal("id", "Id", i -> ids.get(i)),
        cell(
            Column.text("token", "Token"),
            i ->
                i < model.refusalTokens().size()
                    ? new Code(Wording.token(model.refusalTokens().get(i)))
                    : new Missing("text not recorded")));
  }

  /// Every prompt set.
  static Table sets(DataFacts data) {
    return Table.of(
        "sets",
        "Prompt sets; which prompts were drawn is in report.json.",
        data.sets(),
        text("role", "Used for", set -> Wording.role(set.role())),
        text("set", "Set", set -> set.name()),
        count("size", "Prompts", set -> set.size()),
        count("drawn", "Drawn", set -> set.indices().size()),
        code("sha256", "SHA-256", set -> set.sha256()));
  }

  /// Prompts that two sets share.
  static Table overlaps(DataFacts data) {
    return Table.of(
        "overlaps",
        "Drawn prompts that an evaluation set also holds.",
        data.overlaps(),
        text("left", "Set", o -> Wording.role(o.left())),
        text("right", "Evaluation set", o -> o.right()),
        count("exact", "Same", o -> o.exact()),
        count("near", "Nearly the same", o -> o.near()));
  }

  /// The model, with its hashes.
  static Table model(ModelFacts model) {
    return facts(
        "model",
        "The model.",
        List.of(
            fact("name", new Text(model.name())),
            fact("family", new Text(model.family())),
            fact("dtype", new Text(model.dtype())),
            fact("layers", new Count(model.layers())),
            fact("d_model", new Count(model.dModel())),
            fact("parameters", new Count(model.parameters())),
            fact("weights SHA-256", new Code(model.weightsSha256())),
            fact("chat template SHA-256", new Code(model.templateSha256())),
            fact("end-of-instruction tokens", new Code(Wording.tokens(model.eoiTokens())))));
  }

  /// What was asked for.
  static Table settings(StudyConfig config) {
    var evaluation = config.evaluation();
    var rules = config.rules();
    return facts(
        "settings",
        "What the study was asked to do.",
        List.of(
            fact("sampling", new Text(config.sampling().text())),
            fact("seed", new Ordinal(config.seed())),
            fact("train prompts of each kind", new Count(config.sizes().train())),
            fact("validation prompts of each kind", new Count(config.sizes().val())),
            fact(
                "chosen by",
                new Text(
                    switch (rules.criterion()) {
                      case BYPASS -> "lowest bypass score";
                      case COSMIC -> "highest score of COSMIC";
                    })),
            fact("KL limit", new Text(Numbers.plain(rules.klLimit()))),
            fact("induce limit", new Text(Numbers.plain(rules.induceLimit()))),
            fact("share of late layers left out", new Amount(rules.pruneShare(), Unit.SHARE)),
            fact(
                "coordinates of candidates",
                new Text(
                    switch (rules.coordinates()) {
                      case ALL -> "all";
                      case WITHOUT_MASSIVE -> "all but those with massive activations";
                    })),
            fact(
                "grid",
                new Text(
                    switch (config.grid()) {
                      case PRUNED -> "candidates no earlier filter has ruled out";
                      case HALVED ->
                          "candidates not yet ruled out, on growing parts of the prompts";
                      case FULL -> "every candidate";
                    })),
            fact("refusal tokens given", new Text(given(config))),
            fact("system text", new Text(config.prompting().system().orElse("none of ours"))),
            fact("thinking", new Text(config.prompting().thinking().text())),
            fact("template variables", new Text(variables(config))),
            fact("prompts of each harmful set, at most", atMost(evaluation.harmfulPrompts())),
            fact("harmless evaluation prompts, at most", atMost(evaluation.harmlessPrompts())),
            fact("new tokens, at most", new Count(evaluation.maxNewTokens())),
            fact("batch size", new Count(evaluation.batchSize())),
            fact("random directions", new Count(evaluation.randomDirections())),
            fact("addition coefficient", new Text(Numbers.plain(evaluation.coefficient()))),
            fact(
                "completions kept",
                new Text(
                    switch (evaluation.keep()) {
                      case LABELS -> "labels and hashes";
                      case TEXT -> "labels, hashes and text";
                    }))));
  }

  /// Where the time went.
  static Table timings(List<StageTiming> timings) {
    return Table.of(
        "timings",
        "Wall time of each stage, summed over interruptions.",
        timings,
        text("stage", "Stage", StageTiming::stage),
        number("seconds", "Time", Unit.SECONDS, StageTiming::seconds),
        count("tokens", "Tokens", StageTiming::tokens),
        numberOr(
            "tokens_per_second", "Tokens a second", Unit.SPEED, FactTables::speed, "no tokens"));
  }

  private static Optional<Double> speed(StageTiming timing) {
    return timing.seconds() > 0 && timing.tokens() > 0
        ? Optional.of(timing.tokens() / timing.seconds())
        : Optional.empty();
  }

  private record Fact(String name, Cell value) {}

  private static Fact fact(String name, Cell value) {
    return new Fact(name, value);
  }

  private static Table facts(String id, String caption, List<Fact> facts) {
    return Table.of(
        id,
        caption,
        facts,
        text("name", "Name", Fact::name),
        cell(Column.text("value", "Value"), Fact::value));
  }

  /// The largest number there is stands for "all of them".
  private static Cell atMost(int prompts) {
    return prompts == Integer.MAX_VALUE ? new Text("all") : new Count(prompts);
  }

  private static String variables(StudyConfig config) {
    return config.prompting().variables().isEmpty()
        ? "none"
        : config.prompting().variables().entrySet().stream()
            .map(variable -> variable.getKey() + " = " + variable.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String given(StudyConfig config) {
    return config.refusalTokens().isEmpty()
        ? "none; found by the study"
        : config.refusalTokens().stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
