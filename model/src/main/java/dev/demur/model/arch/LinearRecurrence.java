package dev.demur.model.arch;

import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A memory S `[d_k, d_v]` of each head that decays, is written at a key and read at a query:
///
/// ```text
/// S ← exp(g) S     S ← S + k (v − r)ᵀ     y = Sᵀ q
/// ```
///
/// where r is nothing, or what S already holds at the key (the delta rule).
///
/// A few dozen tokens at a time are computed by matrix products: within such a chunk each token
/// sees the others through decayed products of queries and keys, and earlier chunks through S.
/// Sources: Yang et al. 2024 (arXiv 2412.06464), Dao and Gu 2024 (arXiv 2405.21060).
///
/// @param q queries, `[sequence, head, pos, d_k]`, float32
/// @param k keys, `[sequence, head, pos, d_k]`
/// @param v values, `[sequence, head, pos, d_v]`
/// @param decay g, at most 0, `[sequence, head, pos]`
/// @param strength with the delta rule: how much of the difference is written, `[sequence, head,
///   pos]`
record LinearRecurrence(Tensor q, Tensor k, Tensor v, Tensor decay, Optional<Tensor> strength) {

  /// Longer chunks have larger products within them, shorter ones more steps.
  private static final int CHUNK = 64;

  /// @param before S the sequences begin with, `[sequence, head, d_k, d_v]`
  /// @return y, `[sequence, head, pos, d_v]`, and S behind the last token
  Recurrent.Run from(Tensor before) {
    long length = q.dim(2);
    var state = before;
    var parts = new ArrayList<Tensor>();
    for (long start = 0; start < length; start += CHUNK) {
      var run = part(start, Math.min(CHUNK, length - start)).chunk(state);
      parts.add(run.out());
      state = run.after().getFirst();
    }
    var out = parts.size() == 1 ? parts.getFirst() : Tensor.cat(parts, 2);
    return new Recurrent.Run(out, List.of(state));
  }

  private LinearRecurrence part(long start, long count) {
    return new LinearRecurrence(
        q.narrow(2, start, count),
        k.narrow(2, start, count),
        v.narrow(2, start, count),
        decay.narrow(2, start, count),
        strength.map(s -> s.narrow(2, start, count)));
  }

  private Recurrent.Run chunk(Tensor state) {
    int length = Math.toIntExact(q.dim(2));
    var sum = decay.cumulated(2); // ln of what is left of S at each token
    var left = sum.exp().unsqueeze(3);
    var seen = // [sequence, head, token, earlier token]
        sum.unsqueeze(3)
            .minus(sum.unsqueeze(2))
            .plus(Masks.causal(length, length, new Reach.All()))
            .exp();
    var written = strength.map(s -> corrected(s.unsqueeze(3), seen, left, state)).orElse(v);
    var fromState = q.times(left).matmul(state);
    var fromChunk = q.matmul(k.transpose(2, 3)).times(seen).matmul(written);
    var last = sum.narrow(2, length - 1L, 1);
    var keys = k.times(last.minus(sum).exp().unsqueeze(3));
    var after = state.times(last.exp().unsqueeze(3)).plus(keys.transpose(2, 3).matmul(written));
    return new Recurrent.Run(fromState.plus(fromChunk), List.of(after));
  }

  /// What the delta rule writes: each token's difference from what S, with all earlier tokens of
  /// the chunk in it, holds at its key.
  private Tensor corrected(Tensor strength, Tensor seen, Tensor left, Tensor state) {
    var keys = k.times(strength);
    var own = v.times(strength).minus(keys.times(left).matmul(state));
    return q.dim(2) == 1
        ? own
        : Neural.solveUnitLower(keys.matmul(k.transpose(2, 3)).times(seen), own);
  }
}
