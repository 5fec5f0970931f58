package dev.demur.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.model.arch.Transformer;
import dev.demur.model.forward.Forward;
import dev.demur.model.generate.ContrastGenerator.Pair;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Contrastive decoding against two passes a token, without a cache.
@Scoped
@EveryDevice
class ContrastGeneratorTest {

  private static final int NEW_TOKENS = 6;

  private final Transformer model = TinyModels.llama(TinyModels.SEED, 2, DType.F32);

  private final List<Pair> pairs =
      List.of(
          new Pair(TokenIds.of(1, 2, 3, 4, 5, 6), TokenIds.of(1, 5, 6)),
          new Pair(TokenIds.of(9, 9, 8, 7), TokenIds.of(8, 7)),
          new Pair(TokenIds.of(30, 31), TokenIds.of(30, 31)));

  @Test
  void everyTokenIsTheLikeliestOfTwoForcedPasses() {
    for (double ratio : List.of(0.0, 0.5, 1.0, 2.5)) {
      var written = generator(2, ratio, Set.of()).complete(pairs);
      for (int i = 0; i < pairs.size(); i++) {
        assertThat(written.get(i).tokens())
            .as("ratio %s", ratio)
            .isEqualTo(forced(pairs.get(i), ratio));
        assertThat(written.get(i).end()).isEqualTo(Completion.End.LENGTH);
      }
    }
  }

  @Test
  void theRatiosEndsAreGreedyDecodingWithAndWithout() {
    var options = new GenerationOptions(NEW_TOKENS, 3, new Sampler.Greedy(), Set.of());
    var greedy = new Generator(model, options, HookPlan.none());
    var with = greedy.complete(pairs.stream().map(Pair::with).toList(), _ -> {});
    var without = greedy.complete(pairs.stream().map(Pair::without).toList(), _ -> {});
    assertThat(generator(3, 0, Set.of()).complete(pairs)).isEqualTo(with);
    assertThat(generator(3, 1, Set.of()).complete(pairs)).isEqualTo(without);
  }

  @Test
  void aStopTokenEndsOneOfABatch() {
    var whole = generator(3, 2.5, Set.of()).complete(pairs);
    int stop = whole.getFirst().tokens().get(2);
    var cut = generator(3, 2.5, Set.of(stop)).complete(pairs).getFirst();
    assertThat(cut.end()).isEqualTo(Completion.End.STOP);
    assertThat(cut.tokens()).isEqualTo(whole.getFirst().tokens().slice(0, cut.tokens().size()));
  }

  private ContrastGenerator generator(int batch, double ratio, Set<Integer> stops) {
    var options = new GenerationOptions(NEW_TOKENS, batch, new Sampler.Greedy(), stops);
    return new ContrastGenerator(model, options, HookPlan.none(), ratio);
  }

  private TokenIds forced(Pair pair, double ratio) {
    var forward = new Forward(model, 64);
    var written = new ArrayList<Integer>();
    while (written.size() < NEW_TOKENS) {
      var tail = TokenIds.of(written);
      var with = forward.lastLogits(List.of(pair.with().plus(tail)), HookPlan.none());
      var without = forward.lastLogits(List.of(pair.without().plus(tail)), HookPlan.none());
      var both = with.minus(with.minus(without).times(ratio));
      written.add(Math.toIntExact(both.row(0).topIndices(1).toLongs()[0]));
    }
    return TokenIds.of(written);
  }
}
