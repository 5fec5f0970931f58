package dev.demur.model.arch;

import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What makes queries, keys and values of the normalised stream, before any norm of queries and
/// keys and any rotation.
public sealed interface Projection {

  /// Queries, keys and values.
  ///
  /// @param q `[tokens, head · d_head]`
  /// @param seen keys and values; empty where those of an earlier block are looked at
  record Made(Tensor q, Optional<KeysAndValues> seen) {
    Made(Tensor q, Tensor k, Tensor v) {
      this(q, Optional.of(new KeysAndValues(k, v)));
    }
  }

  /// @param k `[tokens, kv_head · d_head]`
  /// @param v `[tokens, kv_head · d_value]`
  record KeysAndValues(Tensor k, Tensor v) {}

  /// @param x `[tokens, d_model]`
  Made apply(Tensor x);

  /// The matrix whose rows are the queries.
  Linear queries();

  /// All its matrices.
  List<Linear> matrices();

  /// A matrix each.
  ///
  /// @param q `[head · d_head, d_model]`
  /// @param k `[kv_head · d_head, d_model]`
  /// @param v `[kv_head · d_value, d_model]`
  record Separate(Linear q, Linear k, Linear v) implements Projection {
    @Override
    public Made apply(Tensor x) {
      var narrow = q.input(x);
      return new Made(q.between(narrow), k.between(narrow), v.between(narrow));
    }

    @Override
    public Linear queries() {
      return q;
    }

    @Override
    public List<Linear> matrices() {
      return List.of(q, k, v);
    }
  }

  /// A matrix each, or one for keys and values, and a norm of each head's value (Gemma 4).
  ///
  /// @param q `[head · d_head, d_model]`
  /// @param k `[kv_head · d_head, d_model]`
  /// @param v `[kv_head · d_head, d_model]`; where there is none, values are made by `k`
  /// @param norm of a value, `[d_head]`
  record NormedValues(Linear q, Linear k, Optional<Linear> v, Norm norm, int dHead)
      implements Projection {
    @Override
    public Made apply(Tensor x) {
      var narrow = q.input(x);
      var keys = k.apply(narrow);
      var values = v.map(matrix -> matrix.apply(narrow)).orElse(keys);
      var each = norm.apply(values.reshape(values.dim(0), -1, dHead));
      return new Made(q.apply(narrow), keys, each.reshape(values.dim(0), -1));
    }

    @Override
    public Linear queries() {
      return q;
    }

    @Override
    public List<Linear> matrices() {
      var all = new ArrayList<>(List.of(q, k));
      v.ifPresent(all::add);
      return all;
    }
  }

  /// Queries alone: keys and values are those that an earlier block made of its own input (Gemma
  /// 4).
  ///
  /// @param q `[head · d_head, d_model]`
  /// @param of index of that block
  record Borrowing(Linear q, int of) implements Projection {
    @Override
    public Made apply(Tensor x) {
      return new Made(q.apply(x), Optional.empty());
    }

    @Override
    public Linear queries() {
      return q;
    }

    @Override
    public List<Linear> matrices() {
      return List.of(q);
    }
  }

  /// Multi-head latent attention: keys and values of all heads are made of one short vector for
  /// each token, and queries of another. The part of a key that rotates is the same in all heads.
  ///
  /// Heads are stored with the rotating part last; here it comes first, as [Rope] wants it.
  ///
  /// Source: DeepSeek-AI 2024 (arXiv 2405.04434), section 2.1.
  ///
  /// @param compression makes what queries are made of, when not of the stream
  /// @param q `[head · (d_plain + d_rotating), d_model or rank]`
  /// @param down makes the short vector and behind it the rotating part of keys, `[rank +
  ///   d_rotating, d_model]`
  /// @param norm of the short vector
  /// @param up makes each head's plain part of the key and behind it its value, `[head · (d_plain +
  ///   d_value), rank]`
  record Latent(
      Optional<Compression> compression, Linear q, Linear down, Norm norm, Linear up, Widths widths)
      implements Projection {

    /// Makes a short vector.
    ///
    /// @param down `[rank, d_model]`
    public record Compression(Linear down, Norm norm) {
      private Tensor apply(Tensor x) {
        return norm.apply(down.apply(x));
      }
    }

    /// @param plain width of what does not rotate of a query or key
    /// @param rotating width of what does
    /// @param value width of a value
    public record Widths(int heads, int plain, int rotating, int value) {

      /// Width of a query or key.
      public int head() {
        return plain + rotating;
      }
    }

    @Override
    public Made apply(Tensor x) {
      long tokens = x.dim(0);
      long heads = widths.heads;
      long rotating = widths.rotating;
      var stored = q.apply(compression.map(made -> made.apply(x)).orElse(x));
      var queries = stored.reshape(tokens, heads, widths.head()).rolled(2, rotating);
      var both = down.apply(x); // [tokens, rank + d_rotating]
      long rank = both.dim(1) - rotating;
      var turning = both.narrow(1, rank, rotating).unsqueeze(1).expand(tokens, heads, rotating);
      var made = up.apply(norm.apply(both.narrow(1, 0, rank).contiguous()));
      var each = made.reshape(tokens, heads, (long) widths.plain + widths.value);
      var keys = Tensor.cat(List.of(turning, each.narrow(2, 0, widths.plain)), 2);
      var values = each.narrow(2, widths.plain, widths.value).contiguous();
      return new Made(
          queries.reshape(tokens, -1), keys.reshape(tokens, -1), values.reshape(tokens, -1));
    }

    @Override
    public Linear queries() {
      return q;
    }

    @Override
    public List<Linear> matrices() {
      var all = new ArrayList<>(List.of(q, down, up));
      compression.ifPresent(made -> all.add(made.down));
      return all;
    }
  }
}
