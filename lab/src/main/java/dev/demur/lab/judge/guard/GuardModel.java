package dev.demur.lab.judge.guard;

import java.util.List;

/// A model that answers guard prompts.
public interface GuardModel {

  /// Who this is, for manifests: a model with the hash of its weights, or an address.
  String identity();

  /// How many questions it likes to be asked at once.
  int batch();

  /// The greedy answers, in order, each without its prompt and special tokens.
  ///
  /// @param prompts what to ask
  /// @param maxTokens longest answer
  List<String> generate(List<GuardPrompt> prompts, int maxTokens);

  /// The logits of some tokens at the position after each prompt, in order: one list a prompt, one
  /// value a token.
  ///
  /// @param prompts what to ask
  /// @param tokens texts of single tokens, for example `Yes` and `No`
  /// @throws IllegalArgumentException if a text is not one token, or this model gives no logits
  List<List<Double>> nextTokenLogits(List<GuardPrompt> prompts, List<String> tokens);
}
