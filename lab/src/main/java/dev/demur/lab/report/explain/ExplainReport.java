package dev.demur.lab.report.explain;

import dev.demur.lab.explain.BaseResult;
import dev.demur.lab.explain.Condition;
import dev.demur.lab.explain.Explanation;
import dev.demur.lab.explain.PaperFigures;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Lead;
import dev.demur.lab.report.Block.Link;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Block.References;
import dev.demur.lab.report.Block.SideBySide;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Citation;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The report of an explanation.
public final class ExplainReport {

  private final Explanation found;
  private final Optional<String> study;

  private ExplainReport(Explanation found, Optional<String> study) {
    this.found = found;
    this.study = study;
  }

  /// Tells an explanation.
  ///
  /// @param study address of the page of the study that found the direction, relative to this one
  public static Report of(Explanation explanation, Optional<String> study) {
    return new ExplainReport(explanation, study).report();
  }

  /// The section of a study that shows what an explanation of its direction found.
  ///
  /// @param id of the section
  /// @param address of its page, relative to the study's
  public static Section within(String id, Explanation explanation, String address) {
    var words = new ExplainWords(explanation);
    return new Section(
        id,
        "Explanation",
        List.of(
            new Prose(words.lead()),
            new Points("What was found", words.facts()),
            new Link("All of the explanation", address)));
  }

  private Report report() {
    var sections = new ArrayList<Section>();
    sections.add(summary());
    sections.add(
        new Section(
            "stream",
            "Stream",
            List.of(
                new Drawing(ExplainCharts.cosines(found)),
                new Drawing(ExplainCharts.projections(found)),
                new Data(ExplainTables.curves(found), Fold.FOLDED))));
    sections.add(components());
    sections.add(attention());
    found.figures().ifPresent(figures -> sections.add(interventions(figures)));
    found
        .causal()
        .ifPresent(
            causal ->
                sections.add(
                    new Section(
                        "causal",
                        "Causal checks",
                        List.of(
                            new Prose(
                                "Attribution says what components write; it does not say that"
                                    + " refusal depends on it. Here activations of the last token"
                                    + " are put back to what they are without the suffix. Where"
                                    + " the head writes less under the suffix, its attribution"
                                    + " survives if restoring it brings score or projection back"
                                    + " beyond chance, and does not survive if it takes both"
                                    + " further away. In between, where an interval covers zero,"
                                    + " these prompts show neither: not shown, with their number."),
                            new Data(ExplainTables.causal(causal), Fold.OPEN)))));
    sections.add(geometry());
    found.base().ifPresent(base -> sections.add(base(base)));
    found.latent().ifPresent(latent -> sections.add(LatentTables.section(latent)));
    sections.add(methods());
    return new Report(
        "Demur explanation",
        "Why " + found.subject().model() + " refuses",
        String.format(
            Locale.ROOT,
            "%d layers · direction of layer %d, position %d · %d refused prompts",
            found.subject().layers(),
            found.subject().directionLayer(),
            found.subject().directionPosition(),
            found.prompts().refused()),
        sections);
  }

  private Section summary() {
    var words = new ExplainWords(found);
    var blocks = new ArrayList<Block>();
    blocks.add(new Lead(words.lead()));
    study.ifPresent(address -> blocks.add(Link.toStudy(address)));
    blocks.add(
        new SideBySide(
            List.of(
                new Points("What was found", words.facts()),
                new Points("How sure that is", words.certainty()),
                new Points("What it does not show", words.limits()))));
    blocks.add(new Data(ExplainTables.conditions(found), Fold.OPEN));
    return new Section("summary", "Summary", blocks);
  }

  private Section components() {
    var blocks = new ArrayList<Block>();
    var shown =
        found.conditions().stream()
            .map(row -> row.condition())
            .filter(c -> c.kind() != Condition.Kind.RANDOM || c.name().endsWith("-1"))
            .map(Condition::name)
            .toList();
    blocks.add(new Drawing(HeadMaps.of(found, shown)));
    blocks.add(new Data(ExplainTables.heads(found), Fold.OPEN));
    blocks.add(new Data(ExplainTables.components(found), Fold.FOLDED));
    return new Section("components", "Who writes it", blocks);
  }

  private Section attention() {
    var blocks = new ArrayList<Block>();
    blocks.add(new Drawing(ExplainCharts.attention(found)));
    found.figures().ifPresent(f -> blocks.add(new Data(FigureTables.sums(f), Fold.OPEN)));
    blocks.add(new Data(ExplainTables.attention(found), Fold.FOLDED));
    blocks.add(new Data(ExplainTables.tokens(found), Fold.FOLDED));
    return new Section("attention", "Attention", blocks);
  }

  /// Figures 22 and 9 of the paper.
  private Section interventions(PaperFigures figures) {
    return new Section(
        "interventions",
        "Interventions",
        List.of(
            new Drawing(FigureCharts.steered(found, figures)),
            new Data(FigureTables.steered(figures), Fold.OPEN),
            new Data(FigureTables.streams(figures), Fold.FOLDED),
            new Data(FigureTables.openings(figures), Fold.FOLDED)));
  }

  private Section geometry() {
    var geometry = found.geometry();
    var template = geometry.template();
    var blocks = new ArrayList<Block>();
    blocks.addAll(
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "Refused and harmless prompts differ by %s along the direction at its position,"
                        + " and by %s at the last token of the user's words, at layer %d. The"
                        + " template's tokens are the same in all prompts: the difference they hold"
                        + " was carried there. What they hold beyond the words has cosine %s with"
                        + " the direction, the words' own difference %s.",
                    Numbers.amount(template.atTemplate(), Unit.STREAM),
                    Numbers.amount(template.atWords(), Unit.STREAM),
                    found.subject().directionLayer(),
                    Numbers.amount(template.cosineAdded(), Unit.COSINE),
                    Numbers.amount(template.cosineWords(), Unit.COSINE))),
            new Drawing(ExplainCharts.pca(geometry))));
    found
        .figures()
        .filter(figures -> !figures.axes().isEmpty())
        .ifPresent(
            figures -> {
              blocks.add(new Drawing(FigureCharts.axes(found, figures)));
              blocks.add(new Data(FigureTables.axes(figures), Fold.FOLDED));
            });
    blocks.add(new Data(GeometryTables.places(geometry), Fold.FOLDED));
    return new Section("geometry", "Geometry", blocks);
  }

  private static Section base(BaseResult base) {
    return new Section(
        "base",
        "Base model",
        List.of(
            new Prose(ExplainWords.reading(base)),
            new Data(GeometryTables.baseEffects(base), Fold.OPEN),
            new Data(GeometryTables.basePoints(base), Fold.OPEN)));
  }

  private Section methods() {
    return new Section(
        "methods",
        "Methods",
        List.of(
            new Prose(
                "Section 5 of Arditi et al. 2024. A prompt counts when its refusal score without"
                    + " suffix is above 0. Random suffixes are words drawn from the vocabulary, as"
                    + " many tokens as the first given suffix, new ones for each prompt. Cosine and"
                    + " projection are of resid_pre with the unit direction. A head writes (z W_O)"
                    + " times the unit direction; a norm behind attention is taken as linear, with"
                    + " the scale it has. Means have Student's 95 % intervals over prompts; changes"
                    + " are taken prompt by prompt."),
            new References(List.of(Citation.ARDITI, Citation.VIG)),
            new Data(ExplainTables.subject(found), Fold.OPEN)));
  }
}
