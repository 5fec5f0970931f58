package dev.demur.lab.judge.guard;

import dev.demur.model.ChatModel;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.PromptFormat;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/// A guard model run by Demur's own engine, greedily, through its own chat template.
///
/// Safe to ask while another model is at work: it shares nothing with it.
public final class EngineGuard implements GuardModel {

  /// Questions read together; guards read long prompts and write a word or two.
  private static final int BATCH = 16;

  private static final int SHOWN_DIGITS = 12;

  private final ChatModel model;
  private final String identity;

  private EngineGuard(ChatModel model, String identity) {
    this.model = model;
    this.identity = identity;
  }

  /// A guard that answers with `model`, which stays the caller's to close.
  ///
  /// @throws IOException if its weights cannot be read
  public static EngineGuard of(ChatModel model) throws IOException {
    String hash = model.files().weightsHash().substring(0, SHOWN_DIGITS);
    return new EngineGuard(
        model,
        "%s %s, weights %s"
            .formatted(
                model.name(), model.transformer().dtype().name().toLowerCase(Locale.ROOT), hash));
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public int batch() {
    return BATCH;
  }

  @Override
  public List<String> generate(List<GuardPrompt> prompts, int maxTokens) {
    try (var _ = Scope.open()) {
      var generator =
          new Generator(model.transformer(), model.greedy(maxTokens, BATCH), HookPlan.none());
      return generator.complete(prompts.stream().map(this::tokens).toList(), _ -> {}).stream()
          .map(completion -> model.tokenizer().decode(completion.tokens()))
          .toList();
    }
  }

  @Override
  public List<List<Double>> nextTokenLogits(List<GuardPrompt> prompts, List<String> tokens) {
    var ids = tokens.stream().map(this::id).toList();
    try (var _ = Scope.open()) {
      var logits =
          model.forward().lastLogits(prompts.stream().map(this::tokens).toList(), HookPlan.none());
      return LongStream.range(0, prompts.size())
          .mapToObj(
              prompt -> {
                float[] row = logits.row(prompt).toFloats();
                return ids.stream().map(id -> (double) row[id]).toList();
              })
          .toList();
    }
  }

  private int id(String token) {
    var named = model.tokenizer().id(token);
    if (named.isPresent()) {
      return named.getAsInt();
    }
    var ids = model.tokenizer().encode(token);
    if (ids.size() != 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "\"%s\" is %d tokens of %s, expected one; name another answer token",
              token,
              ids.size(),
              model.name()));
    }
    return ids.get(0);
  }

  private TokenIds tokens(GuardPrompt prompt) {
    return switch (prompt) {
      case GuardPrompt.Text(var text) -> model.tokenizer().encodeWithSpecialTokens(text);
      case GuardPrompt.Chat(var messages, var variables) ->
          // Written out by the template, with all special tokens it wants.
          model.tokenizer().encodeWithSpans(format(variables).render(messages)).tokens();
    };
  }

  private PromptFormat format(Map<String, String> variables) {
    var options = model.prompts().options();
    for (var variable : variables.entrySet()) {
      options = options.with(variable.getKey(), variable.getValue());
    }
    return model.prompts().with(options);
  }
}
