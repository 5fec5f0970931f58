package dev.demur.model.arch;

import static java.util.Objects.requireNonNull;

import dev.demur.model.tensor.Device;
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
record PassTables(
    Map<Rope, Rope.Angles> angles, Optional<Appended> appended, Optional<Packing> packing) {

  /// All sequences' queries, and their keys, one behind the other.
  ///
  /// @param queries of each sequence
  /// @param keys of each sequence, with those of its past
  /// @param rows where each key is found, int64 `[key]`: in the cache, and behind it, unless the
  ///   cache has them too, in the pass's own; empty where the pass's own are all
  record Packing(Sequences queries, Sequences keys, Optional<Tensor> rows) {

    /// Keys or values in the sequences' order, `[key, kv_head, d_head]`.
    ///
    /// @param kept what a cache has of them
    /// @param own the pass's, `[token, kv_head, d_head]`
    Tensor behindPast(Past past, Function<KvCache, Tensor> kept, Tensor own) {
      return switch (past) {
        case Past.Nothing() -> own;
        case Past.SharedPrefix(var cache, _) ->
            Tensor.cat(List.of(kept.apply(cache).to(own.dtype()), own), 0).rows(rows.orElseThrow());
        case Past.Slots(var cache, _) -> kept.apply(cache).rows(rows.orElseThrow()).to(own.dtype());
      };
    }

    static Packing of(Pass pass, Device device) {
      var own = pass.rows().lengths();
      var all =
          IntStream.range(0, own.size()).mapToObj(i -> pass.past().start(i) + own.get(i)).toList();
      return new Packing(
          Sequences.of(own, device),
          Sequences.of(all, device),
          rows(pass, all).map(r -> r.on(device)));
    }

    private static Optional<Tensor> rows(Pass pass, List<Integer> all) {
      var sequences = IntStream.range(0, all.size()).boxed();
      return switch (pass.past()) {
        case Past.Nothing() -> Optional.empty();
        case Past.SharedPrefix(var cache, var copies) ->
            Optional.of(
                Tensor.ofLongs(
                    sequences.flatMapToLong(
                        i -> {
                          long first = cache.allRows() + pass.rows().offsets().get(i);
                          int slot = copies.of(pass.rows().sequences().get(i));
                          return LongStream.concat(
                              cache.rowsOf(slot, cache.length(slot)),
                              LongStream.range(first, first + pass.rows().lengths().get(i)));
                        })));
        case Past.Slots(var cache, var slots) ->
            Optional.of(
                Tensor.ofLongs(
                    sequences.flatMapToLong(i -> cache.rowsOf(slots.get(i), all.get(i)))));
      };
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
  /// @param masks what is added to scores, `[slot, 1, 1, longest]` of the cache's type, by reach
  record Step(int slots, int longest, Map<Reach, Tensor> masks) {

    Tensor mask(Reach reach) {
      return requireNonNull(masks.get(reach), "a block that was not announced");
    }
  }

  /// @param blocks of one device
  static PassTables of(List<Block> blocks, Pass pass) {
    var device = blocks.getFirst().device();
    Map<Rope, Rope.Angles> angles = new HashMap<>();
    for (var block : blocks) {
      block
          .mixer()
          .rope()
          .ifPresent(rope -> angles.computeIfAbsent(rope, key -> key.at(pass, device)));
    }
    var appended = appended(blocks, pass);
    boolean packs =
        DevicePolicy.of(device).packed() == DevicePolicy.Packed.YES
            && appended.flatMap(Appended::step).isEmpty();
    return new PassTables(
        angles, appended, packs ? Optional.of(Packing.of(pass, device)) : Optional.empty());
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

  /// Rotates heads, `[tokens, head, d_head]`.
  Tensor rotate(Rope rope, Tensor x) {
    return requireNonNull(angles.get(rope), "a block that was not announced").rotate(x);
  }
}
