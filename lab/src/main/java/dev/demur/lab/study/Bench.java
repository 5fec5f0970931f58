package dev.demur.lab.study;

import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.prompts.Sample;
import dev.demur.lab.run.Journal;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.StageTiming;
import dev.demur.lab.steer.Treatment;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What every stage of a study works with: the model as this study asks it, where finished work is
/// kept, and who is told.
///
/// @param model the model
/// @param formats how prompts are written
/// @param store remembers finished work
/// @param progress is told of every stage
/// @param basis what all stored values depend on
record Bench(
    ChatModel model, Prompting.Formats formats, RunStore store, Progress progress, Basis basis) {

  /// What every stored value depends on, besides its stage and inputs.
  record Basis(String weights, String template, Map<String, String> prompting, String dtype) {}

  private record Key(Basis basis, Object inputs) {}

  static Bench of(ChatModel model, Prompting prompting, RunStore store, Progress progress)
      throws IOException {
    var basis =
        new Basis(
            model.files().weightsHash(),
            Facts.hash(model.chatTemplate()),
            prompting.facts(),
            model.transformer().dtype().name());
    return new Bench(model, prompting.formats(model.prompts()), store, progress, basis);
  }

  /// Prompts as they are read and scored, up to where the answer begins.
  List<Prompt> prompts(Sample sample) {
    return sample.instructions().stream().map(formats.scoring()::format).toList();
  }

  /// Makes sure that the model can answer every prompt, before hours have gone into some.
  ///
  /// @throws dev.demur.model.text.ContextLengthException naming one that it cannot
  void requireAnswerable(Stream<PromptSet> sets) {
    var limit = model.transformer().limit();
    sets.flatMap(set -> set.instructions().stream())
        .map(formats.answering()::format)
        .forEach(limit::requireAnswerable);
  }

  List<TokenIds> tokens(Sample sample) {
    return Reading.tokens(prompts(sample));
  }

  Path path(String stage, Object inputs, String extension) {
    return store.path(stage, new Key(basis, inputs), extension);
  }

  <T> Journal<T> journal(String stage, Object inputs, Class<T> type) throws IOException {
    return store.journal(stage, new Key(basis, inputs), type);
  }

  void spent(String stage, Clock clock, long tokens) throws IOException {
    store.spent(new StageTiming(stage, clock.seconds(), tokens));
  }

  /// Completions of a set under a variant, made and judged, or found where they already are.
  ///
  /// @param asked what decides the rows besides set and variant
  List<CompletionRow> complete(
      String stage, Completing completing, PromptSet set, Treatment variant, List<Object> asked)
      throws IOException {
    var inputs =
        List.of(
            Facts.hash(set.instructions()),
            set.name(),
            variant.identity(),
            completing.limits().maxNewTokens(),
            completing.limits().keep(),
            completing.panel().versions(),
            asked);
    try (var journal = journal(stage, inputs, CompletionRow.class);
        var _ = Scope.open()) {
      var clock = Clock.start();
      int before = journal.rows().size();
      var rows = completing.run(set, variant, journal, progress);
      if (before < rows.size()) {
        var fresh = journal.rows().subList(before, rows.size());
        spent(stage, clock, fresh.stream().mapToLong(CompletionRow::tokens).sum());
      }
      return rows;
    }
  }

  /// A stopwatch.
  record Clock(long started) {
    static Clock start() {
      return new Clock(System.nanoTime());
    }

    double seconds() {
      return (System.nanoTime() - started) / 1e9;
    }
  }
}
