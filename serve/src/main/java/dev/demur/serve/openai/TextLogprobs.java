package dev.demur.serve.openai;

import dev.demur.model.generate.Likelihood;
import dev.demur.model.text.TokenIds;
import dev.demur.model.text.Tokenizer;
import dev.demur.serve.answer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Log-probabilities of a text's tokens, in OpenAI's older form. A prompt's first token has none.
///
/// @param tokens their texts
/// @param tokenLogprobs natural logarithms of their probabilities
/// @param topLogprobs the likeliest in each place, by text, the token itself among them
/// @param textOffset characters before each
record TextLogprobs(
    List<String> tokens,
    List<@Nullable Double> tokenLogprobs,
    List<@Nullable Map<String, Double>> topLogprobs,
    List<Integer> textOffset) {

  private static TextLogprobs empty() {
    return new TextLogprobs(
        new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /// Of an answer's tokens; empty where none has a likelihood.
  ///
  /// @param before characters that come before the answer
  static Optional<TextLogprobs> of(List<Token> tokens, int before, Tokenizer tokenizer) {
    var all = empty();
    for (var token : tokens) {
      token
          .likelihood()
          .ifPresent(
              likelihood ->
                  all.add(token.id(), Optional.of(likelihood), before + token.offset(), tokenizer));
    }
    return all.tokens.isEmpty() ? Optional.empty() : Optional.of(all);
  }

  /// Of a prompt's tokens.
  ///
  /// @param likelihoods of its tokens from the second on
  static TextLogprobs ofPrompt(TokenIds prompt, List<Likelihood> likelihoods, Tokenizer tokenizer) {
    var all = empty();
    int offset = 0;
    for (int i = 0; i < prompt.size(); i++) {
      var likelihood = i == 0 ? Optional.<Likelihood>empty() : Optional.of(likelihoods.get(i - 1));
      all.add(prompt.get(i), likelihood, offset, tokenizer);
      offset += tokenizer.text(prompt.get(i)).length();
    }
    return all;
  }

  /// These, then others.
  TextLogprobs plus(TextLogprobs more) {
    tokens.addAll(more.tokens);
    tokenLogprobs.addAll(more.tokenLogprobs);
    topLogprobs.addAll(more.topLogprobs);
    textOffset.addAll(more.textOffset);
    return this;
  }

  private void add(int id, Optional<Likelihood> likelihood, int offset, Tokenizer tokenizer) {
    String text = tokenizer.text(id);
    tokens.add(text);
    tokenLogprobs.add(likelihood.map(Likelihood::logProbability).orElse(null));
    topLogprobs.add(likelihood.map(l -> top(text, l, tokenizer)).orElse(null));
    textOffset.add(offset);
  }

  private static Map<String, Double> top(String text, Likelihood likelihood, Tokenizer tokenizer) {
    var top = new LinkedHashMap<String, Double>();
    likelihood
        .likeliest()
        .forEach(a -> top.putIfAbsent(tokenizer.text(a.id()), a.logProbability()));
    top.putIfAbsent(text, likelihood.logProbability());
    return top;
  }
}
