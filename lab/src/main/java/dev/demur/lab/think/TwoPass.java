package dev.demur.lab.think;

import dev.demur.lab.policy.Policy;
import dev.demur.model.ChatModel;
import dev.demur.model.generate.Completion;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Writes thoughts under one policy, and answers behind given thoughts under another.
///
/// The second pass reads the thought's tokens as if the model had just written them: with the same
/// policy in both passes the answer is the one a single pass writes, and without any it is the
/// plain answer.
///
/// @param model the model
/// @param block how it marks thoughts
/// @param thoughtTokens length at which a thought is cut
/// @param answerTokens length at which an answer is cut
/// @param batch sequences written together
record TwoPass(ChatModel model, ThinkBlock block, int thoughtTokens, int answerTokens, int batch) {

  static TwoPass of(ChatModel model, int thoughtTokens, int answerTokens, int batch) {
    return new TwoPass(model, ThinkBlock.of(model), thoughtTokens, answerTokens, batch);
  }

  /// Writes the thoughts, up to and with what closes them.
  List<Thought> thoughts(List<TokenIds> prompts, Policy policy) {
    // Only what closes a thought ends it: were the model's own stop tokens among them, nothing
    // would tell a closed thought from an ended turn.
    var options =
        new GenerationOptions(thoughtTokens, batch, new Sampler.Greedy(), Set.of(block.close()));
    var plan = policy.whileThinking().plan(model.config().nLayers());
    return new Generator(model.transformer(), options, plan)
        .complete(prompts, _ -> {}).stream().map(this::thought).toList();
  }

  private Thought thought(Completion written) {
    var tokens = written.tokens();
    for (int i = 0; i < tokens.size(); i++) {
      if (model.stopTokens().contains(tokens.get(i))) {
        return new Thought(tokens.slice(0, i), Thought.State.UNFINISHED);
      }
    }
    return switch (written.end()) {
      case STOP -> block.closed(tokens);
      case LENGTH -> new Thought(tokens, Thought.State.UNFINISHED);
    };
  }

  /// Writes the answers behind thoughts that are closed.
  List<Completion> answers(List<TokenIds> prompts, List<Thought> thoughts, Policy policy) {
    var lengths = thoughts.stream().map(thought -> thought.tokens().size()).toList();
    var whole =
        IntStream.range(0, prompts.size())
            .mapToObj(i -> prompts.get(i).plus(thoughts.get(i).tokens()))
            .toList();
    var plan = policy.planBehind(lengths, model.config().nLayers());
    return new Generator(model.transformer(), model.greedy(answerTokens, batch), plan)
        .complete(whole, _ -> {});
  }
}
