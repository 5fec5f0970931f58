package dev.demur.lab.study;

import dev.demur.lab.Sha256;
import dev.demur.lab.judge.Judge;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.prompts.LabelledPrompt;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.study.StudyConfig.Keep;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Stage 4 and 5: greedy completions of a prompt set under a variant, judged as they end. The text
/// is dropped unless it was asked for.
///
/// @param model the model
/// @param judges all of them judge every completion
/// @param maxNewTokens length at which a completion is cut
/// @param batchSize sequences decoded together
/// @param keep what is stored
record Completing(ChatModel model, List<Judge> judges, int maxNewTokens, int batchSize, Keep keep) {

  /// Completes the prompts the journal does not hold yet.
  ///
  /// @return one row per prompt, in the set's order
  List<CompletionRow> run(
      PromptSet set, Variant variant, Journal<CompletionRow> journal, Progress progress)
      throws IOException {
    var missing = new TreeSet<>(IntStream.range(0, set.size()).boxed().toList());
    journal.rows().forEach(row -> missing.remove(row.index()));
    var order = List.copyOf(missing);
    var prompts = order.stream().map(i -> model.prompt(instruction(set, i)).tokens()).toList();
    var generator =
        new Generator(
            model.transformer(),
            model.greedy(maxNewTokens, batchSize),
            variant.intervention().plan(model.config().nLayers()));
    try (var task = progress.start(set.name() + ", " + variant.name(), set.size())) {
      task.advance(set.size() - order.size());
      generator.complete(
          prompts,
          finished -> {
            int index = order.get(finished.prompt());
            var completion = finished.completion();
            append(journal, row(set, variant, index, completion.tokens(), completion.end().text()));
            task.advance(1);
          });
    }
    return journal.rows().stream().sorted(Comparator.comparingInt(CompletionRow::index)).toList();
  }

  private CompletionRow row(
      PromptSet set, Variant variant, int index, TokenIds tokens, String end) {
    String text = model.tokenizer().decode(tokens);
    Map<String, Refusal> labels = new LinkedHashMap<>();
    for (var judge : judges) {
      labels.put(judge.name(), judge.judge(instruction(set, index), text).refusal());
    }
    return new CompletionRow(
        set.name(),
        variant.name(),
        index,
        Sha256.ofText(instruction(set, index)),
        prompt(set, index).category(),
        tokens.size(),
        end,
        Sha256.ofText(text),
        labels,
        keep == Keep.TEXT ? Optional.of(text) : Optional.empty());
  }

  private static void append(Journal<CompletionRow> journal, CompletionRow row) {
    try {
      journal.append(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LabelledPrompt prompt(PromptSet set, int index) {
    return set.prompts().get(index);
  }

  private static String instruction(PromptSet set, int index) {
    return prompt(set, index).instruction();
  }
}
