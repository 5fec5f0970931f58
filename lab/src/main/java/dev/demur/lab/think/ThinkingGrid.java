package dev.demur.lab.think;

import dev.demur.lab.judge.Panel;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.RandomControl;
import dev.demur.lab.policy.Span;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.trial.Column;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Asks the same prompts with thoughts from several sources, and with the answer steered and not:
/// how much of a refusal is decided in the thought, and how much behind it.
///
/// Source: Yang et al. 2026, as a digest tells it: thoughts kept, removed or steered, each with and
/// without steering behind it. Filler and foreign thoughts are controls of ours.
///
/// @param model the model; it must mark its thoughts
/// @param policy what is done to thoughts and to answers; its rules are for every token, for
///   thoughts or for what comes after them
/// @param sets prompts by what they are for
/// @param panel who judges; rates are the first judge's
/// @param config sources, limits, controls
/// @param store the run folder
/// @param progress receives every answer
public record ThinkingGrid(
    ChatModel model,
    Policy policy,
    Map<Column, PromptSet> sets,
    Panel panel,
    ThinkingConfig config,
    RunStore store,
    Progress progress) {

  /// @throws IllegalArgumentException if there are no prompts, or a rule is for other tokens
  public ThinkingGrid {
    sets = new EnumMap<>(sets);
    if (sets.isEmpty()) {
      throw new IllegalArgumentException("a thinking grid needs at least one set of prompts");
    }
    policy.rules().stream()
        .filter(rule -> rule.span() != Span.EVERY && !rule.span().asksForThought())
        .findFirst()
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException(
                  "the rule \""
                      + rule
                      + "\" is for @"
                      + rule.span().text()
                      + "; here rules are for every token, @thinking or @after-thinking");
            });
  }

  /// One cell's answers by set.
  private record Answered(GridCell cell, Map<Column, List<GridRow>> rows) {}

  /// Runs every cell.
  public ThinkingResult run() throws IOException {
    var identity = ModelIdentity.of(model);
    var passes = TwoPass.of(model, config.thoughtTokens(), config.answerTokens(), config.batch());
    var all = new ArrayList<Answered>();
    var own = new EnumMap<Column, List<Thought>>(Column.class);
    for (var cell : cells()) {
      var rows = new EnumMap<Column, List<GridRow>>(Column.class);
      for (var set : sets.entrySet()) {
        var stage =
            new CellAnswers(
                passes,
                identity,
                cell,
                set.getValue(),
                own.getOrDefault(set.getKey(), List.of()),
                panel,
                config.filler());
        rows.put(set.getKey(), store.get(stage, progress));
      }
      if (cell.isPlain()) {
        rows.forEach(
            (column, found) -> own.put(column, found.stream().map(GridRow::asThought).toList()));
        requireThoughts(own);
      }
      all.add(new Answered(cell, rows));
    }
    return new ThinkingResult(
        model.name(), judge(), policy.toString(), lines(all), timeline(all.getFirst(), own));
  }

  private void requireThoughts(Map<Column, List<Thought>> own) {
    if (own.values().stream().flatMap(List::stream).noneMatch(Thought::isClosed)) {
      throw new IllegalArgumentException(
          model.name()
              + " closed no thought within "
              + config.thoughtTokens()
              + " tokens; allow more, or take a model that thinks");
    }
  }

  /// The plain model first, then every source without and with a steered answer, then controls.
  private List<GridCell> cells() {
    var cells = new ArrayList<GridCell>();
    cells.add(cell(ThoughtSource.OWN, GridCell.Answer.UNSTEERED, GridCell.Role.TRIED, policy));
    for (var role : GridCell.Role.values()) {
      int rounds = role == GridCell.Role.TRIED ? 1 : config.controls();
      for (int i = 0; i < rounds; i++) {
        var used =
            role == GridCell.Role.TRIED
                ? policy
                : RandomControl.of(policy, model.config().nLayers(), config.seed() + i);
        for (var source : config.sources()) {
          for (var answer : GridCell.Answer.values()) {
            var cell = cell(source, answer, role, used);
            boolean acts = !cell.thought().isNone() || !cell.after().isNone();
            if (!cell.isPlain() && (acts || role == GridCell.Role.TRIED)) {
              cells.add(cell);
            }
          }
        }
      }
    }
    return cells;
  }

  private static GridCell cell(
      ThoughtSource source, GridCell.Answer answer, GridCell.Role role, Policy used) {
    return new GridCell(
        source,
        answer,
        role,
        source == ThoughtSource.STEERED ? used.with(Span.THINKING) : Policy.none(),
        answer == GridCell.Answer.STEERED ? used.with(Span.ANSWER_AFTER_THINKING) : Policy.none());
  }

  private String judge() {
    return panel.names().getFirst();
  }

  // ---- numbers -------------------------------------------------------------------------------

  private List<ThinkingResult.Line> lines(List<Answered> all) {
    var tests = new LinkedHashMap<>(tests(all, GridCell.Role.TRIED));
    tests.putAll(tests(all, GridCell.Role.CONTROL));
    var plain = all.getFirst();
    var lines = new ArrayList<ThinkingResult.Line>();
    for (int i = 0; i < all.size(); i++) {
      var cells = new EnumMap<Column, ThinkingResult.Numbers>(Column.class);
      for (var column : sets.keySet()) {
        var before = rows(plain, column);
        cells.put(
            column,
            numbers(
                before,
                rows(all.get(i), column),
                i > 0,
                Optional.ofNullable(tests.get(new Place(i, column)))));
      }
      lines.add(new ThinkingResult.Line(all.get(i).cell(), cells));
    }
    return lines;
  }

  private static List<GridRow> rows(Answered answered, Column column) {
    return answered.rows().getOrDefault(column, List.of());
  }

  private ThinkingResult.Numbers numbers(
      List<GridRow> before, List<GridRow> rows, boolean edited, Optional<PairedTest> test) {
    var judged = rows.stream().filter(row -> row.isJudgedBy(judge())).toList();
    var refusedBefore =
        IntStream.range(0, before.size())
            .filter(i -> before.get(i).refusedBy(judge()))
            .mapToObj(rows::get)
            .toList();
    return new ThinkingResult.Numbers(
        judged.isEmpty()
            ? Optional.empty()
            : Optional.of(Rate.of(judged, row -> row.refusedBy(judge()))),
        refusedBefore.isEmpty() || !edited
            ? Optional.empty()
            : Optional.of(
                Rate.of(refusedBefore, row -> row.isJudgedBy(judge()) && !row.refusedBy(judge()))),
        Rate.of(rows, row -> !row.closed()),
        Rate.of(rows, GridRow::isBroken),
        test,
        rows.stream().mapToInt(row -> row.thought().size()).average().orElse(0));
  }

  /// One cell's set.
  private record Place(int cell, Column column) {}

  /// Tests of every cell against the plain model, corrected by Holm over one family.
  private Map<Place, PairedTest> tests(List<Answered> all, GridCell.Role role) {
    var counts = new LinkedHashMap<Place, PairedCounts>();
    for (int i = 1; i < all.size(); i++) {
      if (all.get(i).cell().role() != role) {
        continue;
      }
      for (var column : sets.keySet()) {
        var place = new Place(i, column);
        pairs(rows(all.getFirst(), column), rows(all.get(i), column))
            .ifPresent(found -> counts.put(place, found));
      }
    }
    return PairedTest.family(counts);
  }

  private Optional<PairedCounts> pairs(List<GridRow> before, List<GridRow> after) {
    return PairedCounts.of(
        before, after, row -> row.isJudgedBy(judge()), row -> row.refusedBy(judge()));
  }

  private Optional<Timeline> timeline(Answered plain, Map<Column, List<Thought>> own) {
    var direction = Timeline.directionOf(policy);
    if (direction.isEmpty() || !sets.keySet().containsAll(List.of(Column.HARMFUL, Column.BENIGN))) {
      return Optional.empty();
    }
    var reader = new Timeline.Reader(model, direction.get());
    var harmful = new ArrayList<Timeline.Track>();
    var benign = new ArrayList<Timeline.Track>();
    for (var set : sets.entrySet()) {
      var column = set.getKey();
      if (column != Column.HARMFUL && column != Column.BENIGN) {
        continue;
      }
      var instructions = set.getValue().instructions();
      var tracks =
          reader.read(
              instructions.stream().map(one -> model.prompt(one).tokens()).toList(),
              own.getOrDefault(column, List.of()),
              rows(plain, column).stream().map(row -> row.refusedBy(judge())).toList());
      (column == Column.HARMFUL ? harmful : benign).addAll(tracks);
    }
    return Timeline.of(harmful, benign);
  }
}
