package dev.demur.lab.trial;

import dev.demur.lab.benchmark.BenchmarkRun;
import dev.demur.lab.benchmark.GenerationProbe;
import dev.demur.lab.benchmark.Outcome;
import dev.demur.lab.benchmark.Prompts;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.policy.RandomControl;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.study.Prompting;
import dev.demur.lab.trial.TrialResult.Line;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs a model in several ways on the same prompts and says what each way is: a repair, a defence,
/// or neither. What has been answered and judged is found again in the run folder.
///
/// A model that thinks is asked behind an empty thought, where studies and fits read it.
///
/// @param model the model
/// @param sets prompts by what they are for
/// @param asked benchmarks, for rows that change the model and not the prompt; may be empty
/// @param alarming words whose share of the attention is measured, in rows that change no stream;
///   may be none
/// @param panel who judges; rates are the first judge's
/// @param config limits, margin, controls, attacks
/// @param store the run folder
/// @param progress receives every answer
public record Trial(
    ChatModel model,
    Map<Column, PromptSet> sets,
    List<Prompts> asked,
    AlarmingWords alarming,
    Panel panel,
    TrialConfig config,
    RunStore store,
    Progress progress) {

  /// Fewer prompts have no interval.
  private static final int LEAST_TO_READ = 2;

  public Trial {
    if (sets.isEmpty()) {
      throw new IllegalArgumentException("a trial needs at least one set of prompts");
    }
    model = Prompting.usual().answeringAtOnce(model);
    sets = new EnumMap<>(sets);
    asked = List.copyOf(asked);
  }

  /// Runs the unedited model, every row, and the controls of every policy.
  public TrialResult run(List<TrialRow> tried) throws IOException {
    store.computing(ModelIdentity.of(model).computedOn());
    var all = new ArrayList<Answered>();
    for (var row : rows(tried)) {
      Optional<List<AnswerRow>> own =
          all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst().of(Column.BENIGN));
      all.add(row.weights().run(model, chat -> answered(chat, row, own)));
    }
    var judge = panel.names().getFirst();
    var lines = judged(new Lines(all, judge).lines());
    var attacks =
        new Reattack(
            model,
            instructions(Column.HARMFUL),
            instructions(Column.BENIGN),
            config.attack(),
            store,
            progress);
    return new TrialResult(model.name(), judge, config.margin(), attacks.of(lines));
  }

  private List<TrialRow> rows(List<TrialRow> tried) {
    var rows = new ArrayList<TrialRow>(List.of(TrialRow.unedited()));
    for (var row : tried) {
      rows.add(row);
      for (int i = 0; i < config.controls() && !row.policy().isNone(); i++) {
        int layers = model.config().nLayers();
        rows.add(row.control(RandomControl.of(row.policy(), layers, config.seed() + i)));
      }
    }
    return rows;
  }

  /// What one row answers.
  ///
  /// @param chat the row's model, open
  /// @param own the unedited model's benign answers; empty where this row is that model
  private Answered answered(ChatModel chat, TrialRow row, Optional<List<AnswerRow>> own)
      throws IOException {
    var identity = ModelIdentity.of(chat);
    var answers = new EnumMap<Column, List<AnswerRow>>(Column.class);
    for (var set : sets.entrySet()) {
      answers.put(
          set.getKey(),
          store.get(
              new Answering(chat, identity, row, set.getKey(), set.getValue(), panel, config),
              progress));
    }
    Optional<OwnLoss> loss = Optional.empty();
    if (row.isGreedy() && sets.containsKey(Column.BENIGN)) {
      var along = own.orElse(answers.getOrDefault(Column.BENIGN, List.of()));
      var benign = instructions(Column.BENIGN);
      if (OwnLoss.canRead(chat, row, benign, along)) {
        var stage = OwnLoss.stage(chat, identity, row, benign, along);
        loss = Optional.of(store.get(stage, progress));
      }
    }
    return new Answered(row, answers, loss, attention(chat, row), outcomes(chat, row));
  }

  /// Attention to alarming words of prompts that sound harmful, whether they are or not: what a
  /// text around them does to it.
  private Map<Column, Attention> attention(ChatModel chat, TrialRow row) throws IOException {
    var attention = new EnumMap<Column, Attention>(Column.class);
    boolean isRead =
        row.policy().isNone() && row.isGreedy() && chat.transformer().unsplittable().isEmpty();
    for (var column : isRead ? List.of(Column.HARMFUL, Column.PSEUDO) : List.<Column>of()) {
      var read = Attention.with(alarming, instructions(column));
      if (read.size() >= LEAST_TO_READ) {
        var stage = Attention.stage(chat, ModelIdentity.of(chat), row, read, alarming);
        attention.put(column, store.get(stage, progress));
      }
    }
    return attention;
  }

  /// Benchmarks' outcomes. Their questions have prompts of their own, which no wrapper goes around;
  /// controls are not asked, because what is said of them rests on refusals.
  private List<Outcome> outcomes(ChatModel chat, TrialRow row) throws IOException {
    boolean askable = row.isGreedy() && row.wrap().isNone() && row.role() != TrialRow.Role.CONTROL;
    if (asked.isEmpty() || !askable) {
      return List.of();
    }
    var treatment = row.policy().isNone() ? Treatment.unedited() : Treatment.policy(row.policy());
    var answers = new BenchmarkRun.Answers(GenerationProbe.USUAL_NEW_TOKENS, config.batch());
    return new BenchmarkRun(chat, List.of(treatment), store, progress, answers).outcomes(asked);
  }

  private List<String> instructions(Column column) {
    return Optional.ofNullable(sets.get(column)).map(PromptSet::instructions).orElse(List.of());
  }

  private List<Line> judged(List<Line> lines) {
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
    return judged;
  }
}
