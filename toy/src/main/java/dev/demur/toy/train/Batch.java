package dev.demur.toy.train;

import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Examples that are trained on together, filled up to one length: attention then is one call, and
/// what follows an answer is neither seen by it nor counted.
///
/// @param sequences the examples
record Batch(List<Sequence> sequences) {

  /// One example in tokens.
  ///
  /// @param prompt templated prompt
  /// @param answer what is learnt, the end of the turn included
  record Sequence(TokenIds prompt, TokenIds answer) {

    int length() {
      return prompt.size() + answer.size();
    }
  }

  Batch {
    sequences = List.copyOf(sequences);
  }

  /// Mean cross-entropy of the answers' tokens, in nats.
  Tensor loss(Transformer transformer, HookPlan plan) {
    int width = sequences.stream().mapToInt(Sequence::length).max().orElseThrow() - 1;
    var rows =
        Rows.of(
            IntStream.range(0, sequences.size()).boxed().toList(),
            Collections.nCopies(sequences.size(), width));
    var stream =
        transformer.stream(
            transformer.embed(ids(width)),
            0,
            transformer.config().nLayers(),
            new Pass(rows, new Past.Nothing(), plan));
    return Neural.crossEntropy(transformer.logits(stream.rows(answerRows(width))), targets());
  }

  private Tensor ids(int width) {
    return Tensor.ofIndices(
        sequences.stream()
            .flatMapToInt(
                s -> {
                  var all = s.prompt().plus(s.answer());
                  return IntStream.range(0, width).map(i -> i < all.size() ? all.get(i) : 0);
                }));
  }

  /// Rows whose next token belongs to an answer.
  private Tensor answerRows(int width) {
    var rows = new ArrayList<Integer>();
    for (int i = 0; i < sequences.size(); i++) {
      int first = i * width + sequences.get(i).prompt().size() - 1;
      IntStream.range(first, first + sequences.get(i).answer().size()).forEach(rows::add);
    }
    return Tensor.ofIndices(rows.stream().mapToInt(Integer::intValue));
  }

  private Tensor targets() {
    return Tensor.ofIndices(sequences.stream().flatMapToInt(s -> s.answer().stream()));
  }
}
