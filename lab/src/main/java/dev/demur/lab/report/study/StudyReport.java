package dev.demur.lab.report.study;

import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Dialogue;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Figure;
import dev.demur.lab.report.Block.Figures;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Lead;
import dev.demur.lab.report.Block.Notice;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Block.References;
import dev.demur.lab.report.Block.SideBySide;
import dev.demur.lab.report.Block.Verbatim;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Citation;
import dev.demur.lab.report.Example;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The report of one study.
public final class StudyReport {

  private final StudyResult study;
  private final List<Example> examples;
  private final List<Section> beside;

  private StudyReport(StudyResult study, List<Example> examples, List<Section> beside) {
    this.study = study;
    this.examples = examples;
    this.beside = beside;
  }

  /// Tells a study.
  ///
  /// @param examples prompts and completions to show; empty unless they were asked for
  public static Report of(StudyResult study, List<Example> examples) {
    return of(study, examples, List.of());
  }

  /// Tells a study.
  ///
  /// @param beside what else was measured of the model and its direction
  public static Report of(StudyResult study, List<Example> examples, List<Section> beside) {
    return new StudyReport(study, examples, beside).report();
  }

  private Report report() {
    var sections = new ArrayList<Section>();
    sections.add(summary());
    if (study.selection().isEmpty()) {
      sections.add(screen()); // here it is the evidence
    }
    study.selection().ifPresent(selection -> sections.add(DirectionReport.of(study, selection)));
    if (!study.evaluation().rates().isEmpty() || !study.evaluation().endings().isEmpty()) {
      sections.add(evaluation());
    }
    if (!study.doses().isEmpty()) {
      sections.add(DoseReport.of(study.doses()));
    }
    if (!study.evaluation().rates().isEmpty()) {
      sections.add(judges());
    }
    if (!study.coherence().isEmpty()) {
      sections.add(coherence());
    }
    if (!study.sensitivity().isEmpty()) {
      sections.add(SensitivityReport.of(study));
    }
    sections.addAll(beside);
    if (study.selection().isPresent()) {
      sections.add(screen());
    }
    if (!examples.isEmpty()) {
      sections.add(examples());
    }
    sections.add(data());
    sections.add(methods());
    sections.add(record());
    var model = study.model();
    return new Report(
        "Demur study",
        "Refusal in " + model.name(),
        String.format(
            Locale.ROOT,
            "%s · %s parameters · %d layers · width %s · %s",
            model.family(),
            Numbers.large(model.parameters()),
            model.layers(),
            Numbers.count(model.dModel()),
            model.dtype()),
        sections);
  }

  private Section summary() {
    var words = Conclusions.of(study);
    var blocks = new ArrayList<Block>();
    var headline = Conclusions.headline(study);
    blocks.add(new Lead(headline.orElse(study.finding().sentence())));
    var figures = figures();
    if (!figures.isEmpty()) {
      blocks.add(new Figures(figures));
    }
    if (headline.isPresent()) {
      blocks.add(new Prose(study.finding().sentence()));
    }
    blocks.add(
        new SideBySide(
            List.of(
                new Points("What was found", words.found()),
                new Points("How sure that is", words.certainty()),
                new Points("What it does not show", words.limits()))));
    return new Section("summary", "Summary", blocks);
  }

  /// Harmful prompts under ablation and harmless prompts under addition: always both.
  private List<Figure> figures() {
    var kinds = SetKinds.of(study);
    var figures = new ArrayList<Figure>();
    for (String set : kinds.harmful()) {
      figure("Harmful prompts refused, direction ablated", set, Variant.ABLATION)
          .ifPresent(figures::add);
    }
    for (String set : kinds.harmless()) {
      figure("Harmless prompts refused, direction added", set, Variant.ADDITION)
          .ifPresent(figures::add);
    }
    return figures;
  }

  private Optional<Figure> figure(String label, String set, Variant variant) {
    var before = Conclusions.rate(study, set, Variant.UNEDITED);
    var after = Conclusions.rate(study, set, variant);
    return before.flatMap(b -> after.map(a -> figure(label, set, b, a)));
  }

  private static Figure figure(String label, String set, Rate before, Rate after) {
    return new Figure(
        label,
        List.of(new Amount(before.share(), Unit.SHARE)),
        new Amount(after.share(), Unit.SHARE),
        String.format(
            Locale.ROOT,
            "%s · 95 %% interval %s · n = %d",
            set,
            Numbers.interval(after),
            after.n()));
  }

  private Section evaluation() {
    var kinds = SetKinds.of(study);
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Prose(
            study.evaluation().comparisons().isEmpty()
                ? "Only the unedited model was run, because there is no direction to edit it"
                    + " with."
                : "Refusals of harmful prompts and of harmless prompts belong together: an edit"
                    + " that stops the first may do so by breaking the model, and one that raises"
                    + " the second makes it refuse everything."));
    if (!study.evaluation().rates().isEmpty()) {
      blocks.add(new Drawing(RateCharts.of(study.evaluation(), kinds)));
    }
    addFilled(blocks, EvaluationTables.rates(study.evaluation(), kinds), Fold.OPEN);
    if (!study.evaluation().comparisons().isEmpty()) {
      blocks.add(new Data(EvaluationTables.comparisons(study.evaluation(), kinds), Fold.OPEN));
    }
    addFilled(blocks, EvaluationTables.balance(study.evaluation()), Fold.OPEN);
    addFilled(blocks, JudgeTables.harms(study.evaluation(), kinds), Fold.OPEN);
    addFilled(blocks, EvaluationTables.notJudged(study.evaluation(), kinds), Fold.OPEN);
    addFilled(blocks, EvaluationTables.endings(study.evaluation(), kinds), Fold.OPEN);
    addFilled(blocks, EvaluationTables.categories(study.evaluation(), kinds), Fold.FOLDED);
    return new Section("evaluation", "Evaluation", blocks);
  }

  /// Judges against each other and against people.
  private Section judges() {
    var evaluation = study.evaluation();
    var blocks = new ArrayList<Block>();
    blocks.add(new Prose(Conclusions.trust(study)));
    addFilled(blocks, JudgeTables.agreement(evaluation), Fold.OPEN);
    addFilled(blocks, JudgeTables.calibration(evaluation), Fold.OPEN);
    addFilled(blocks, JudgeTables.corrected(evaluation, SetKinds.of(study)), Fold.OPEN);
    addFilled(blocks, JudgeTables.disagreements(evaluation), Fold.FOLDED);
    return new Section("judges", "Judges", blocks);
  }

  /// What the interventions cost on text.
  private Section coherence() {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Prose(
            "An edit that stops refusals may also spoil the model. Cross-entropy says how"
                + " well text is still predicted: a difference near 0 costs nothing that shows"
                + " there. It does not measure knowledge or reasoning."));
    blocks.add(new Data(CoherenceTables.losses("coherence", study.coherence()), Fold.OPEN));
    addFilled(blocks, CoherenceTables.divergence(study.coherence()), Fold.FOLDED);
    return new Section("coherence", "Coherence", blocks);
  }

  private static void addFilled(List<Block> blocks, Table table, Fold fold) {
    if (!table.isEmpty()) {
      blocks.add(new Data(table, fold));
    }
  }

  private Section screen() {
    var screen = study.screen();
    var blocks = new ArrayList<Block>();
    if (screen.tokens().coverage() < RefusalTokens.ENOUGH_COVERAGE) {
      blocks.add(new Notice(Conclusions.coverage(study)));
    }
    if (screen.sets().stream().anyMatch(set -> !set.scores().isEmpty())) {
      blocks.add(new Drawing(ScreenChart.of(screen)));
    }
    blocks.add(
        new SideBySide(
            List.of(
                new Data(FactTables.screen(screen), Fold.OPEN),
                new Data(FactTables.refusalTokens(screen, study.model()), Fold.OPEN))));
    blocks.add(new Data(FactTables.screenRates(screen), Fold.OPEN));
    return new Section("screen", "Screen", blocks);
  }

  private Section examples() {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Notice(
            "Completions are shown because they were asked for. Some may be harmful or wrong."));
    examples.forEach(example -> blocks.add(new Dialogue(example)));
    return new Section("examples", "Examples", blocks);
  }

  private Section data() {
    var overlaps = FactTables.overlaps(study.data());
    boolean shared = study.data().overlaps().stream().anyMatch(o -> o.exact() > 0 || o.near() > 0);
    var blocks = new ArrayList<Block>();
    blocks.add(
        shared
            ? new Notice(
                "Some drawn prompts are also evaluation prompts, or nearly: rates on those sets are"
                    + " not measured on unseen prompts alone.")
            : new Prose("No drawn prompt is in an evaluation set, nor nearly."));
    blocks.add(new Data(FactTables.sets(study.data()), Fold.OPEN));
    if (!overlaps.isEmpty()) {
      blocks.add(new Data(overlaps, Fold.OPEN));
    }
    return new Section("data", "Data", blocks);
  }

  private Section methods() {
    var blocks = new ArrayList<Block>();
    Methods.paragraphs(study).forEach(text -> blocks.add(new Prose(text)));
    blocks.add(new References(Methods.citations(study)));
    blocks.add(new Verbatim("To cite", Citation.bibtex(study)));
    return new Section("methods", "Methods", blocks);
  }

  private Section record() {
    return new Section(
        "record",
        "Record",
        List.of(
            new SideBySide(
                List.of(
                    new Data(FactTables.model(study.model()), Fold.OPEN),
                    new Data(FactTables.settings(study.config()), Fold.OPEN))),
            new Data(FactTables.timings(study.timings()), Fold.OPEN),
            new Prose(
                "Beside this page: report.json holds every number unrounded, tables/ each table as"
                    + " CSV, manifest.json the command, versions and hashes, completions.jsonl one"
                    + " line for each completion with its labels.")));
  }
}
