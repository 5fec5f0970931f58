package dev.demur.model.arch;

import static java.util.Objects.requireNonNull;

import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Sequences;
import dev.demur.model.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What the blocks of one pass have in common, made once.
///
/// @param angles by rotation
/// @param appended what the pass puts into its cache; empty when it has none
/// @param packing how all sequences attend in one call; empty where each length has its own
/// @param lent keys and values that blocks share
/// @param inputs what layers read beside the stream, `[tokens, layer, width]`; empty where they do
///   not
/// @param causal what queries at the end of keys do not see
record PassTables(
    Map<Rope, Rope.Angles> angles,
    Optional<Appended> appended,
    Optional<Packing> packing,
    Lent lent,
    Optional<Tensor> inputs,
    Masks.Kept causal) {

  /// Where all sequences' queries and keys are.
  ///
  /// @param queries of each sequence
  /// @param keys of each sequence, with those of its past
  /// @param rows where each key is found that several sequences share a beginning of, int64
  ///   `[key]`: in the cache, and behind it in the pass's own; empty where keys are not to be
  ///   gathered
  record Packing(Sequences queries, Sequences keys, Optional<Tensor> rows) {

    /// The keys or values that [#keys] are among, `[key, kv_head, d_head]`. A pass that appends to
    /// its cache finds all of them there.
    ///
    /// @param kept what a cache has of them
    /// @param own the pass's, `[token, kv_head, d_head]`
    Tensor behindPast(Past past, Function<KvCache, Tensor> kept, Tensor own) {
      return switch (past) {
        case Past.Nothing() -> own;
        case Past.SharedPrefix(var cache, _) ->
            Tensor.cat(List.of(kept.apply(cache).to(own.dtype()), own), 0).rows(rows.orElseThrow());
        case Past.Slots(var cache, _) -> kept.apply(cache).to(own.dtype());
      };
    }

    static Packing of(Pass pass, Device device) {
      var own = pass.rows().lengths();
      var all =
          IntStream.range(0, own.size()).mapToObj(i -> pass.past().start(i) + own.get(i)).toList();
      return new Packing(
          Sequences.of(own, device),
          keys(pass, all, device),
          shared(pass, all).map(r -> r.on(device)));
    }

    private static Sequences keys(Pass pass, List<Integer> all, Device device) {
      return switch (pass.past()) {
        case Past.Nothing(), Past.SharedPrefix(_, _) -> Sequences.of(all, device);
        case Past.Slots(var cache, var slots) ->
            Sequences.apart(slots.stream().map(cache::firstRow).toList(), all, device);
      };
    }

    private static Optional<Tensor> shared(Pass pass, List<Integer> all) {
      if (!(pass.past() instanceof Past.SharedPrefix(var cache, var copies))) {
        return Optional.empty();
      }
      return Optional.of(
          Tensor.ofLongs(
              IntStream.range(0, all.size())
                  .boxed()
                  .flatMapToLong(
                      i -> {
                        long first = cache.allRows() + pass.rows().offsets().get(i);
                        int slot = copies.of(pass.rows().sequences().get(i));
                        return LongStream.concat(
                            cache.rowsOf(slot, cache.length(slot)),
                            LongStream.range(first, first + pass.rows().lengths().get(i)));
                      })));
    }
  }

  /// What a pass puts into its cache.
  ///
  /// @param rows of the cache that the pass's tokens fill, int64 `[tokens]`
  /// @param step what a pass of one token for each of the first slots needs; empty for any other
  record Appended(Tensor rows, Optional<Step> step) {}

  /// One token for each of the first slots.
  ///
  /// @param slots how many
  /// @param longest keys looked at: tokens of the longest, the new one included, or more
  /// @param masks what is added to scores, `[slot, 1, 1, longest]` of the cache's type, by reach,
  ///   of the layers whose sequences do not all attend in one call
  record Step(int slots, int longest, Map<Reach, Tensor> masks) {

    Tensor mask(Reach reach) {
      return requireNonNull(masks.get(reach), "a block that was not announced");
    }
  }

  /// @param blocks of one device
  /// @param lent of the whole pass
  /// @param inputs of the whole pass
  /// @param whole the pass's own scope
  static PassTables of(
      List<Block> blocks, Pass pass, Lent lent, Optional<Tensor> inputs, Scope whole) {
    var device = blocks.getFirst().device();
    Map<Rope, Rope.Angles> angles = new HashMap<>();
    for (var block : blocks) {
      block
          .mixer()
          .rope()
          .ifPresent(rope -> angles.computeIfAbsent(rope, key -> key.at(pass, device)));
    }
    boolean packs = DevicePolicy.of(device).packed() == DevicePolicy.Packed.YES;
    return new PassTables(
        angles,
        appended(blocks, pass),
        packs ? Optional.of(Packing.of(pass, device)) : Optional.empty(),
        lent,
        inputs.map(all -> all.on(device)),
        new Masks.Kept(whole));
  }

  private static Optional<Appended> appended(List<Block> blocks, Pass pass) {
    if (!(pass.past() instanceof Past.Slots(var cache, var slots))) {
      return Optional.empty();
    }
    var rows = cache.rows(slots, pass.rows().lengths()).on(blocks.getFirst().device());
    return Optional.of(new Appended(rows, step(blocks, pass, cache, slots)));
  }

  private static Optional<Step> step(
      List<Block> blocks, Pass pass, KvCache cache, List<Integer> slots) {
    if (pass.rows().tokens() != pass.rows().size() || !leading(slots)) {
      return Optional.empty();
    }
    int last = slots.stream().mapToInt(cache::length).max().orElse(0);
    int step = DevicePolicy.of(blocks.getFirst().device()).keyStep();
    int longest = Math.min(cache.capacity(), Math.ceilDiv(last + 1, step) * step);
    Map<Reach, Tensor> masks = new HashMap<>();
    for (var block : blocks) {
      attention(block)
          .filter(attention -> !attention.isPackable(cache.dtype()))
          .ifPresent(
              attention ->
                  masks.computeIfAbsent(
                      attention.scoring().reach(),
                      reach ->
                          Masks.lengths(cache, slots.size(), longest, reach)
                              .to(cache.dtype())
                              .on(block.device())));
    }
    return Optional.of(new Step(slots.size(), longest, masks));
  }

  private static Optional<Attention> attention(Block block) {
    return switch (block.mixer()) {
      case Attention attention -> Optional.of(attention);
      case Beside(var attention, _) -> Optional.of(attention);
      case Recurrent _ -> Optional.empty();
    };
  }

  private static boolean leading(List<Integer> slots) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i) != i) {
        return false;
      }
    }
    return true;
  }

  /// What a layer reads beside the stream, `[tokens, width]`.
  Tensor input(int layer) {
    var all = inputs.orElseThrow();
    return all.narrow(1, layer, 1).reshape(all.dim(0), -1);
  }

  /// What queries at the end of so many keys do not see, `[query, key]`.
  Tensor mask(int queries, int keys, Reach reach) {
    return causal.of(queries, keys, reach);
  }

  /// Rotates heads, `[tokens, head, d_head]`.
  Tensor rotate(Rope rope, Tensor x) {
    return requireNonNull(angles.get(rope), "a block that was not announced").rotate(x);
  }
}
