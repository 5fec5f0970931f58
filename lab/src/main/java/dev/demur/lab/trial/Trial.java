package dev.demur.lab.trial;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.RandomControl;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Stage;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.trial.TrialResult.Attacked;
import dev.demur.lab.trial.TrialResult.Cell;
import dev.demur.lab.trial.TrialResult.Cost;
import dev.demur.lab.trial.TrialResult.Line;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Runs a model in several ways on the same prompts and says what each way is: a repair, a defence,
/// or neither. What has been answered and judged is found again in the run folder.
///
/// @param model the model
/// @param sets prompts by what they are for
/// @param panel who judges; rates are the first judge's
/// @param config limits, margin, controls, attacks
/// @param store the run folder
/// @param progress receives every answer
public record Trial(
    ChatModel model,
    Map<Column, PromptSet> sets,
    Panel panel,
    TrialConfig config,
    RunStore store,
    Progress progress) {

  /// Fewer prompts of a set leave nothing to read and score in its halves.
  private static final int LEAST_TO_ATTACK = 4;

  public Trial {
    if (sets.isEmpty()) {
      throw new IllegalArgumentException("a trial needs at least one set of prompts");
    }
    sets = new EnumMap<>(sets);
  }

  /// One row's answers by set.
  private record Answered(TrialRow row, Map<Column, List<AnswerRow>> answers) {}

  /// Runs the unedited model, every row, and the controls of every policy.
  public TrialResult run(List<TrialRow> tried) throws IOException {
    var identity = ModelIdentity.of(model);
    var all = new ArrayList<Answered>();
    for (var row : rows(tried)) {
      var answers = new EnumMap<Column, List<AnswerRow>>(Column.class);
      for (var set : sets.entrySet()) {
        answers.put(
            set.getKey(),
            store.get(
                new Answering(model, identity, row, set.getKey(), set.getValue(), panel, config),
                progress));
      }
      all.add(new Answered(row, answers));
    }
    var lines = lines(all, losses(identity, all));
    return new TrialResult(model.name(), judge(), config.margin(), judged(identity, lines));
  }

  private List<TrialRow> rows(List<TrialRow> tried) {
    var rows = new ArrayList<TrialRow>(List.of(TrialRow.unedited()));
    for (var row : tried) {
      rows.add(row);
      for (int i = 0; i < config.controls() && !row.policy().isNone(); i++) {
        Policy control = RandomControl.of(row.policy(), config.seed() + i);
        rows.add(
            new TrialRow(
                row.name() + " (random)",
                control,
                row.wrap(),
                row.decoder(),
                TrialRow.Role.CONTROL));
      }
    }
    return rows;
  }

  private String judge() {
    return panel.names().getFirst();
  }

  private Map<TrialRow, OwnLoss> losses(ModelIdentity identity, List<Answered> all)
      throws IOException {
    var losses = new LinkedHashMap<TrialRow, OwnLoss>();
    if (sets.containsKey(Column.BENIGN)) {
      var own = all.getFirst().answers().getOrDefault(Column.BENIGN, List.of());
      var instructions = instructions(Column.BENIGN);
      for (var one : all.stream().filter(each -> each.row().isGreedy()).toList()) {
        var stage = OwnLoss.stage(model, identity, one.row(), instructions, own);
        losses.put(one.row(), store.get(stage, progress));
      }
    }
    return losses;
  }

  private List<String> instructions(Column column) {
    return Optional.ofNullable(sets.get(column)).map(PromptSet::instructions).orElse(List.of());
  }

  // ---- numbers -------------------------------------------------------------------------------

  private List<Line> lines(List<Answered> all, Map<TrialRow, OwnLoss> losses) {
    var unedited = all.getFirst();
    var changes = tests(all, this::refused);
    var breaks = tests(all, Trial::broken);
    var cost = secondsPerToken(unedited);
    var lines = new ArrayList<Line>();
    for (int i = 0; i < all.size(); i++) {
      var one = all.get(i);
      var cells = new EnumMap<Column, Cell>(Column.class);
      for (var column : one.answers().keySet()) {
        var answers = one.answers().getOrDefault(column, List.of());
        var judged = answers.stream().filter(a -> a.isJudgedBy(judge())).toList();
        var at = new Place(i, column);
        cells.put(
            column,
            new Cell(
                Rate.of(judged.isEmpty() ? answers : judged, a -> a.refusedBy(judge())),
                Rate.of(answers, AnswerRow::isBroken),
                Optional.ofNullable(changes.get(at)),
                Optional.ofNullable(breaks.get(at))));
      }
      lines.add(
          new Line(
              one.row(),
              cells,
              i == 0 ? Optional.empty() : loss(losses, unedited.row(), one.row()),
              cost(one, cost),
              new Verdict(Verdict.Kind.NONE, "–"),
              Optional.empty()));
    }
    return lines;
  }

  /// One row's set.
  private record Place(int row, Column column) {}

  /// Tests of every row against the unedited model, corrected over all rows that are tried, and
  /// over all controls.
  ///
  /// @param pairs counts what the test is about
  private Map<Place, PairedTest> tests(List<Answered> all, Pairs pairs) {
    var tests = new LinkedHashMap<>(family(all, TrialRow.Role.TRIED, pairs));
    tests.putAll(family(all, TrialRow.Role.CONTROL, pairs));
    return tests;
  }

  private Map<Place, PairedTest> family(List<Answered> all, TrialRow.Role role, Pairs pairs) {
    var places = new ArrayList<Place>();
    var counts = new ArrayList<PairedCounts>();
    for (int i = 1; i < all.size(); i++) {
      if (all.get(i).row().role() != role) {
        continue;
      }
      for (var column : sets.keySet()) {
        var before = all.getFirst().answers().getOrDefault(column, List.of());
        var after = all.get(i).answers().getOrDefault(column, List.of());
        places.add(new Place(i, column));
        counts.add(pairs.of(before, after));
      }
    }
    var tests = PairedTest.family(counts);
    var byPlace = new LinkedHashMap<Place, PairedTest>();
    for (int i = 0; i < places.size(); i++) {
      byPlace.put(places.get(i), tests.get(i));
    }
    return byPlace;
  }

  /// Counts pairs of answers to the same prompts.
  private interface Pairs {
    PairedCounts of(List<AnswerRow> before, List<AnswerRow> after);
  }

  private static PairedCounts broken(List<AnswerRow> before, List<AnswerRow> after) {
    return PairedCounts.of(
        before.stream().map(AnswerRow::isBroken).toList(),
        after.stream().map(AnswerRow::isBroken).toList());
  }

  /// Pairs of answers that were both judged.
  private PairedCounts refused(List<AnswerRow> before, List<AnswerRow> after) {
    var both =
        IntStream.range(0, before.size())
            .filter(i -> before.get(i).isJudgedBy(judge()) && after.get(i).isJudgedBy(judge()))
            .boxed()
            .toList();
    if (both.isEmpty()) {
      throw new IllegalArgumentException(
          "judge "
              + judge()
              + " judged no answer of some set; take another judge, or longer answers");
    }
    return PairedCounts.of(
        both.stream().map(i -> before.get(i).refusedBy(judge())).toList(),
        both.stream().map(i -> after.get(i).refusedBy(judge())).toList());
  }

  private static Optional<Estimate> loss(
      Map<TrialRow, OwnLoss> losses, TrialRow unedited, TrialRow row) {
    var before = Optional.ofNullable(losses.get(unedited)).map(OwnLoss::perToken);
    var after = Optional.ofNullable(losses.get(row)).map(OwnLoss::perToken);
    return before.isPresent() && after.isPresent() && before.get().size() > 1
        ? Optional.of(Estimate.ofChange(before.get(), after.get()))
        : Optional.empty();
  }

  private static Cost cost(Answered one, double usual) {
    var all = one.answers().values().stream().flatMap(Collection::stream).toList();
    double tokens = all.stream().mapToInt(AnswerRow::tokens).average().orElse(0);
    double seconds = all.stream().mapToDouble(AnswerRow::seconds).average().orElse(0);
    return new Cost(tokens, seconds, usual > 0 ? secondsPerToken(one) / usual : 1);
  }

  private static double secondsPerToken(Answered one) {
    var all = one.answers().values().stream().flatMap(Collection::stream).toList();
    double seconds = all.stream().mapToDouble(AnswerRow::seconds).sum();
    return seconds / Math.max(1, all.stream().mapToInt(AnswerRow::tokens).sum());
  }

  // ---- verdicts ------------------------------------------------------------------------------

  private List<Line> judged(ModelIdentity identity, List<Line> lines) throws IOException {
    var verdicts = new Verdicts(config.margin());
    var judged = new ArrayList<Line>();
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      var controls =
          lines.subList(i + 1, lines.size()).stream()
              .takeWhile(next -> next.row().role() == TrialRow.Role.CONTROL)
              .toList();
      judged.add(line.with(verdicts.of(line, controls), Optional.empty()));
    }
    boolean defended =
        judged.stream().anyMatch(line -> line.verdict().isDefence() && line.row().isGreedy());
    return defended && canAttack() ? attacked(identity, judged) : judged;
  }

  private boolean canAttack() {
    return config.attack() > 0
        && instructions(Column.HARMFUL).size() >= LEAST_TO_ATTACK
        && instructions(Column.BENIGN).size() >= LEAST_TO_ATTACK;
  }

  /// The unedited model and every defence, attacked.
  private List<Line> attacked(ModelIdentity identity, List<Line> lines) throws IOException {
    var tokens = refusalTokens();
    var plain = attack(lines.getFirst().row(), tokens).next(Policy.none());
    var unedited = outcome(identity, lines.getFirst().row(), tokens, plain);
    var attacked = new ArrayList<Line>();
    for (var line : lines) {
      boolean isUnedited = line.row().role() == TrialRow.Role.UNEDITED;
      if (!isUnedited && !(line.verdict().isDefence() && line.row().isGreedy())) {
        attacked.add(line);
        continue;
      }
      var found = isUnedited ? unedited : outcome(identity, line.row(), tokens, plain);
      String words = isUnedited ? words(found) : words(found, unedited);
      var told = new Attacked(found.steps(), found.kl(), found.cosines(), words);
      attacked.add(
          line.with(isUnedited ? line.verdict() : line.verdict().and(words), Optional.of(told)));
    }
    return attacked;
  }

  private Attack attack(TrialRow row, Set<Integer> tokens) {
    return new Attack(
        model,
        row,
        instructions(Column.HARMFUL),
        instructions(Column.BENIGN),
        tokens,
        config.attack());
  }

  private Attack.Outcome outcome(
      ModelIdentity identity, TrialRow row, Set<Integer> tokens, Optional<Direction> plain)
      throws IOException {
    var stage =
        new Stage.OfValue<>(
            "trial-attack",
            List.of(
                identity,
                row.identity(),
                instructions(Column.HARMFUL),
                instructions(Column.BENIGN),
                tokens.stream().sorted().toList(),
                config.attack()),
            Attack.Outcome.class,
            _ -> attack(row, tokens).run(plain));
    return store.get(stage, progress);
  }

  private Set<Integer> refusalTokens() {
    try (var _ = Scope.open()) {
      var forward = model.forward();
      var bad = instructions(Column.HARMFUL).stream().map(i -> model.prompt(i).tokens()).toList();
      var good = instructions(Column.BENIGN).stream().map(i -> model.prompt(i).tokens()).toList();
      return RefusalTokens.find(
              forward.lastLogits(bad, HookPlan.none()), forward.lastLogits(good, HookPlan.none()))
          .ids();
    }
  }

  private static String words(Attack.Outcome found) {
    String count = found.directions() == 1 ? "1 direction" : found.directions() + " directions";
    return found.hasFallen()
        ? "falls to " + count
        : "still refuses after "
            + count
            + (found.directions() == 1 ? " was" : " were")
            + " ablated";
  }

  private static String words(Attack.Outcome found, Attack.Outcome unedited) {
    boolean moved = found.hasFallen() && found.directions() <= unedited.directions();
    return words(found) + (moved ? ": it only moves the direction" : "");
  }
}
