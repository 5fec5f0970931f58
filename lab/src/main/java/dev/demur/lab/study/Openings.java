package dev.demur.lab.study;

import dev.demur.lab.judge.Refusal;
import dev.demur.lab.score.RefusalScore;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.TokenIds;
import dev.demur.model.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// The judge `first-token`: the refusal score where an answer begins, read from the model itself
/// under the same edit. It knows how an answer opens and nothing of how it continues.
///
/// @param forward the model
/// @param refusalTokens ids that open a refusal
record Openings(Forward forward, Set<Integer> refusalTokens) {

  /// Full refusal where the score is above 0, else none.
  ///
  /// @param beforeAnswer all tokens up to where each answer begins
  List<Refusal> labels(List<TokenIds> beforeAnswer, HookPlan plan) {
    if (beforeAnswer.isEmpty()) {
      return List.of();
    }
    try (var _ = Scope.open()) {
      return RefusalScore.of(forward.lastLogits(beforeAnswer, plan), refusalTokens).stream()
          .map(score -> score > 0 ? Refusal.FULL : Refusal.NONE)
          .toList();
    }
  }

  /// A prompt and what was written after it up to where the answer begins: thinking, the end of its
  /// block, and white space.
  ///
  /// @param answer the text after the block, without white space around it
  static TokenIds beforeAnswer(
      TokenIds prompt, TokenIds written, String answer, Tokenizer tokenizer) {
    int start = 0;
    // The last place from which all of the answer is still to come.
    while (start < written.size()
        && tokenizer.decode(written.slice(start + 1, written.size())).strip().length()
            >= answer.length()) {
      start++;
    }
    var all = new ArrayList<>(prompt.toList());
    IntStream.range(0, start).forEach(i -> all.add(written.get(i)));
    return TokenIds.of(all);
  }
}
