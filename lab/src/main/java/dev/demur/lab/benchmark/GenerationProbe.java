package dev.demur.lab.benchmark;

import dev.demur.model.ChatModel;
import dev.demur.model.generate.Completion;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Lets the model write its answers, greedily, under several variants one after the other.
///
/// Source: `generate_until` in `lm_eval/models/huggingface.py`: prompts cut on the left to leave
/// room, text cut at the first stop text.
///
/// @param model the model
/// @param plans what is done in each variant
/// @param maxNewTokens length at which an answer is cut
/// @param batchSize answers written together
public record GenerationProbe(
    ChatModel model, List<HookPlan> plans, int maxNewTokens, int batchSize) {

  /// The harness' own limit.
  public static final int USUAL_NEW_TOKENS = 256;

  /// Texts that end an answer of GSM8K.
  private static final List<String> UNTIL = List.of("Question:", "</s>", "<|im_end|>");

  public GenerationProbe {
    plans = List.copyOf(plans);
  }

  /// Asks the questions at `places` together.
  ///
  /// @param rows receives each question, in the order of `places`
  public void run(List<Question> questions, List<Integer> places, Consumer<NumberScores> rows) {
    var byVariant = plans.stream().map(plan -> found(questions, places, plan)).toList();
    for (int i = 0; i < places.size(); i++) {
      int place = i;
      rows.accept(
          new NumberScores(
              places.get(i), byVariant.stream().map(found -> found.get(place)).toList()));
    }
  }

  private List<NumberFound> found(List<Question> questions, List<Integer> places, HookPlan plan) {
    return answers(places.stream().map(questions::get).toList(), plan).stream()
        .map(NumberFound::in)
        .toList();
  }

  /// What the model writes, up to the first stop text.
  List<String> answers(List<Question> questions, HookPlan plan) {
    var tokens = HarnessTokens.of(model);
    var prompts =
        questions.stream()
            .map(q -> tokens.prompt(q.requests().getFirst().context(), maxNewTokens))
            .toList();
    var options =
        new GenerationOptions(maxNewTokens, batchSize, new Sampler.Greedy(), stopTokens());
    return new Generator(model.transformer(), options, plan)
        .complete(prompts, _ -> {}).stream().map(this::text).toList();
  }

  /// The model's own, and those of the stop texts that are tokens: decoding would drop them.
  private Set<Integer> stopTokens() {
    var ids = new HashSet<>(model.stopTokens());
    for (String text : UNTIL) {
      model.tokenizer().id(text).ifPresent(ids::add);
    }
    return ids;
  }

  private String text(Completion completion) {
    String text = model.tokenizer().decode(completion.tokens());
    for (String stop : UNTIL) {
      int at = text.indexOf(stop);
      text = at < 0 ? text : text.substring(0, at);
    }
    return text;
  }
}
