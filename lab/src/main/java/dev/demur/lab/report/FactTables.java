package dev.demur.lab.report;

import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Table.Row;
import dev.demur.lab.run.StageTiming;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.ScreenResult;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyResult.DataFacts;
import dev.demur.lab.study.StudyResult.ModelFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Tables of what went in: screen, prompts, model, settings, time.
final class FactTables {

  private FactTables() {}

  /// How many drawn prompts pass the screen.
  static Table screen(ScreenResult screen) {
    return new Table(
        "screen",
        "Drawn prompts that stay: harmful with a refusal score above 0, harmless below.",
        List.of(
            Column.text("set", "Prompts"),
            Column.number("drawn", "Drawn"),
            Column.number("kept", "Kept")),
        screen.sets().stream()
            .map(
                set ->
                    Row.of(
                        new Text(Wording.role(set.role())),
                        new Count(set.scores().size()),
                        new Count(set.kept().size())))
            .toList());
  }

  /// What the unedited model does with validation prompts, by its completions.
  static Table screenRates(ScreenResult screen) {
    return new Table(
        "screen_rates",
        "The unedited model on the validation prompts, by the substring judge, with 95 % Wilson"
            + " intervals.",
        List.of(
            Column.text("what", "What"),
            Column.number("count", "Count"),
            Column.number("n", "of"),
            Column.number("share", "Share"),
            Column.range("wilson", "Wilson")),
        List.of(
            rate("harmful prompts refused", screen.harmfulRefusals()),
            rate("harmless prompts refused", screen.harmlessRefusals()),
            rate("score and judge agree", screen.agreement())));
  }

  /// The tokens a refusal opens with.
  static Table refusalTokens(ScreenResult screen, ModelFacts model) {
    var ids = List.copyOf(screen.tokens().ids());
    var rows = new ArrayList<Row>();
    for (int i = 0; i < ids.size(); i++) {
      Cell text =
          i < model.refusalTokens().size()
              ? new Code(Wording.token(model.refusalTokens().get(i)))
              : new Missing("text not recorded");
      rows.add(Row.of(new Ordinal(ids.get(i)), text));
    }
    return new Table(
        "refusal_tokens",
        "Tokens that open a refusal.",
        List.of(Column.number("id", "Id"), Column.text("token", "Token")),
        rows);
  }

  /// Every prompt set.
  static Table sets(DataFacts data) {
    return new Table(
        "sets",
        "Prompt sets; which prompts were drawn is in report.json.",
        List.of(
            Column.text("role", "Used for"),
            Column.text("set", "Set"),
            Column.number("size", "Prompts"),
            Column.number("drawn", "Drawn"),
            Column.text("sha256", "SHA-256")),
        data.sets().stream()
            .map(
                set ->
                    Row.of(
                        new Text(Wording.role(set.role())),
                        new Text(set.name()),
                        new Count(set.size()),
                        new Count(set.indices().size()),
                        new Code(set.sha256())))
            .toList());
  }

  /// Prompts that two sets share.
  static Table overlaps(DataFacts data) {
    return new Table(
        "overlaps",
        "Drawn prompts that an evaluation set also holds.",
        List.of(
            Column.text("left", "Set"),
            Column.text("right", "Evaluation set"),
            Column.number("exact", "Same"),
            Column.number("near", "Nearly the same")),
        data.overlaps().stream()
            .map(
                o ->
                    Row.of(
                        new Text(Wording.role(o.left())),
                        new Text(o.right()),
                        new Count(o.exact()),
                        new Count(o.near())))
            .toList());
  }

  /// The model, with its hashes.
  static Table model(ModelFacts model) {
    return new Table(
        "model",
        "The model.",
        namesAndValues(),
        List.of(
            fact("name", new Text(model.name())),
            fact("family", new Text(model.family())),
            fact("dtype", new Text(model.dtype())),
            fact("layers", new Count(model.layers())),
            fact("d_model", new Count(model.dModel())),
            fact("parameters", new Count(model.parameters())),
            fact("weights SHA-256", new Code(model.weightsSha256())),
            fact("chat template SHA-256", new Code(model.templateSha256())),
            fact(
                "end-of-instruction tokens",
                new Code(
                    model.eoiTokens().stream()
                        .map(Wording::token)
                        .collect(Collectors.joining("  "))))));
  }

  /// What was asked for.
  static Table settings(StudyConfig config) {
    var evaluation = config.evaluation();
    var rules = config.rules();
    return new Table(
        "settings",
        "What the study was asked to do.",
        namesAndValues(),
        List.of(
            fact("sampling", new Text(config.sampling().text())),
            fact("seed", new Ordinal(config.seed())),
            fact("train prompts of each kind", new Count(config.sizes().train())),
            fact("validation prompts of each kind", new Count(config.sizes().val())),
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
    return new Table(
        "timings",
        "Wall time of each stage, summed over interruptions.",
        List.of(
            Column.text("stage", "Stage"),
            Column.number("seconds", "Time"),
            Column.number("tokens", "Tokens"),
            Column.number("tokens_per_second", "Tokens a second")),
        timings.stream().map(FactTables::timing).toList());
  }

  private static Row timing(StageTiming timing) {
    return Row.of(
        new Text(timing.stage()),
        new Amount(timing.seconds(), Unit.SECONDS),
        new Count(timing.tokens()),
        timing.seconds() > 0 && timing.tokens() > 0
            ? new Amount(timing.tokens() / timing.seconds(), Unit.SPEED)
            : new Missing("no tokens"));
  }

  private static Row rate(String what, Rate rate) {
    return Row.of(
        new Text(what),
        new Count(rate.successes()),
        new Count(rate.n()),
        new Amount(rate.share(), Unit.SHARE),
        new Range(rate.wilson(Interval.USUAL_LEVEL), Unit.SHARE));
  }

  private static List<Column> namesAndValues() {
    return List.of(Column.text("name", "Name"), Column.text("value", "Value"));
  }

  private static Row fact(String name, Cell value) {
    return Row.of(new Text(name), value);
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
