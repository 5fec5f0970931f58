package dev.demur.lab.coherence;

import dev.demur.lab.Sha256;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.PromptFormat;
import dev.demur.model.text.TokenIds;
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
/// @param written what the model has answered already; gets what it answers here
public record OwnCompletions(
    ChatModel model,
    PromptFormat format,
    List<String> instructions,
    int maxNewTokens,
    int batchSize,
    WrittenAnswers written) {

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
    write(prompts.stream().filter(p -> written.find(p, maxNewTokens).isEmpty()).toList());
    return IntStream.range(0, asked.size())
        .mapToObj(i -> new Exchange(asked.get(i), answer(prompts.get(i))))
        .toList();
  }

  private void write(List<TokenIds> prompts) {
    if (prompts.isEmpty()) {
      return;
    }
    var completions =
        new Generator(model.transformer(), model.greedy(maxNewTokens, batchSize), HookPlan.none())
            .complete(prompts, _ -> {});
    for (int i = 0; i < prompts.size(); i++) {
      written.add(prompts.get(i), maxNewTokens, completions.get(i).tokens());
    }
  }

  private String answer(TokenIds prompt) {
    var tokens = written.find(prompt, maxNewTokens).orElseThrow();
    return model.tokenizer().decode(tokens).strip();
  }
}
