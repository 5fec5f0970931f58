package dev.demur.lab.coherence;

import dev.demur.lab.Sha256;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.PromptFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// What the unedited model answers, greedily: text that is as likely to it as any.
///
/// As in the released code the text is stripped at both ends and tokenized anew when it is scored.
/// It is not kept: an interrupted run writes it again.
///
/// @param model the model
/// @param format how instructions become prompts
/// @param instructions what it is asked
/// @param maxNewTokens length at which a completion is cut
/// @param batchSize sequences decoded together
public record OwnCompletions(
    ChatModel model,
    PromptFormat format,
    List<String> instructions,
    int maxNewTokens,
    int batchSize) {

  public OwnCompletions {
    instructions = List.copyOf(instructions);
  }

  /// Answers the instructions at `places` together and scores the answers.
  ///
  /// @param rows receives each answer, in the order of `places`; an answer that is blank has no
  ///   token to count
  public void run(CoherenceProbe probe, List<Integer> places, Consumer<PassageScores> rows) {
    var exchanges = answers(places.stream().map(instructions::get).toList());
    probe.score(
        exchanges.stream().map(e -> Corpus.passage(format, model.tokenizer(), e)).toList(),
        scores -> rows.accept(scores.at(places.get(scores.passage()))));
  }

  /// Hash of what decides the answers, besides the model.
  public String sha256() {
    return Sha256.ofText(
        maxNewTokens
            + " "
            + instructions.stream().map(text -> format.format(text).tokens()).toList());
  }

  private List<Exchange> answers(List<String> asked) {
    var prompts = asked.stream().map(text -> format.format(text).tokens()).toList();
    var completions =
        new Generator(model.transformer(), model.greedy(maxNewTokens, batchSize), HookPlan.none())
            .complete(prompts, _ -> {});
    return IntStream.range(0, asked.size())
        .mapToObj(
            i ->
                new Exchange(
                    asked.get(i), model.tokenizer().decode(completions.get(i).tokens()).strip()))
        .toList();
  }
}
