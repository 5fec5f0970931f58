package dev.demur.model;

import dev.demur.model.forward.Activations;
import dev.demur.model.forward.Capture;
import dev.demur.model.generate.Completion;
import dev.demur.model.generate.GenerationOptions;
import dev.demur.model.generate.Generator;
import dev.demur.model.generate.Sampler;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Steering;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.ChatMessage;
import dev.demur.model.text.Prompt;
import dev.demur.model.text.TokenIds;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// A chat model with an intervention in every pass. It shares the model's weights and is closed
/// with it.
///
/// ```java
/// try (var model = ChatModel.load("demo")) {
///   var steered = model.with(Policy.ablation(direction)).upTo(64);
///   System.out.println(steered.chat("How do I sneak into the cinema?").text());
/// }
/// ```
///
/// Answers are greedy and at most [#USUAL_NEW_TOKENS] tokens long until told otherwise. Tensors of
/// the plan live as long as one call; no [Scope] is needed around it.
public final class SteeredModel {

  /// Where an answer is cut.
  public static final int USUAL_NEW_TOKENS = 512;

  /// Answers written side by side.
  private static final int BATCH = 32;

  private final ChatModel model;
  private final Steering steering;
  private final GenerationOptions options;

  private SteeredModel(ChatModel model, Steering steering, GenerationOptions options) {
    this.model = model;
    this.steering = steering;
    this.options = options;
  }

  static SteeredModel of(ChatModel model, Steering steering) {
    return new SteeredModel(model, steering, model.greedy(USUAL_NEW_TOKENS, BATCH));
  }

  /// The same with something more done to the model, after what is done already.
  public SteeredModel with(Steering next) {
    var first = steering;
    return new SteeredModel(model, layers -> first.plan(layers).then(next.plan(layers)), options);
  }

  /// The same with answers of at most so many tokens.
  public SteeredModel upTo(int maxNewTokens) {
    return writing(
        new GenerationOptions(
            maxNewTokens, options.batchSize(), options.sampler(), options.stopTokens()));
  }

  /// The same with tokens chosen otherwise.
  public SteeredModel sampling(Sampler sampler) {
    return writing(
        new GenerationOptions(
            options.maxNewTokens(), options.batchSize(), sampler, options.stopTokens()));
  }

  /// The same with answers written so.
  public SteeredModel writing(GenerationOptions how) {
    return new SteeredModel(model, steering, how);
  }

  /// Answers an instruction.
  public Reply chat(String instruction) {
    return chat(List.of(ChatMessage.user(instruction)));
  }

  /// Answers the last message of a conversation.
  public Reply chat(List<ChatMessage> conversation) {
    return chat(conversation, _ -> true);
  }

  /// Answers the last message of a conversation and shows the answer as it is written.
  ///
  /// @param piece receives each piece of text that is certain, most of them one token long; returns
  ///   whether to continue
  public Reply chat(List<ChatMessage> conversation, Predicate<String> piece) {
    var prompt = model.prompts().format(conversation).tokens();
    var decoder = model.tokenizer().streamingDecoder();
    var text = new StringBuilder();
    var written =
        write(
            generator ->
                generator.stream(
                    prompt,
                    id -> {
                      String more = decoder.next(id);
                      text.append(more);
                      return more.isEmpty() || piece.test(more);
                    }));
    String rest = decoder.finish();
    if (!rest.isEmpty()) {
      var _ = piece.test(rest); // nothing follows that could be stopped
    }
    return new Reply(text.append(rest).toString(), written.tokens(), written.end());
  }

  /// Answers many instructions, side by side.
  ///
  /// @return the answers in the instructions' order
  public List<Reply> chatAll(List<String> instructions) {
    return written(
        instructions.stream().map(instruction -> model.prompt(instruction).tokens()).toList());
  }

  /// Answers the last message of each of several conversations, side by side.
  ///
  /// @return the answers in the conversations' order
  public List<Reply> chatEach(List<List<ChatMessage>> conversations) {
    return written(conversations.stream().map(c -> model.prompts().format(c).tokens()).toList());
  }

  private List<Reply> written(List<TokenIds> prompts) {
    return write(generator -> generator.complete(prompts, _ -> {})).stream()
        .map(this::reply)
        .toList();
  }

  private Reply reply(Completion written) {
    return new Reply(model.tokenizer().decode(written.tokens()), written.tokens(), written.end());
  }

  private <T> T write(Function<Generator, T> writing) {
    try (var _ = Scope.open()) {
      return writing.apply(new Generator(model.transformer(), options, plan()));
    }
  }

  /// Runs prompts and keeps what `capture` names, as the model is steered.
  ///
  /// @return what was kept; the caller closes it
  /// @throws IllegalArgumentException if the model has no such place, or a prompt no such position
  public Activations run(List<Prompt> prompts, Capture capture) {
    try (var _ = Scope.open()) {
      return model.run(prompts, capture, plan());
    }
  }

  private HookPlan plan() {
    return steering.plan(model.config().nLayers());
  }
}
