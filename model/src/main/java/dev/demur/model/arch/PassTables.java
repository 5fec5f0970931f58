package dev.demur.model.arch;

import static java.util.Objects.requireNonNull;

import dev.demur.model.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the blocks of one pass have in common, made once.
///
/// @param angles by rotation
/// @param appended what the pass puts into its cache; empty when it has none
record PassTables(Map<Rope, Rope.Angles> angles, Optional<Appended> appended) {

  /// What a pass puts into its cache.
  ///
  /// @param rows of the cache that the pass's tokens fill, int64 `[tokens]`
  /// @param step what a pass of one token for each of the first slots needs; empty for any other
  record Appended(Tensor rows, Optional<Step> step) {}

  /// One token for each of the first slots.
  ///
  /// @param slots how many
  /// @param longest tokens of the longest, the new one included
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
    return switch (pass.past()) {
      case Past.Nothing(), Past.SharedPrefix _ -> new PassTables(angles, Optional.empty());
      case Past.Slots(var cache, var slots) -> {
        var rows = cache.rows(slots, pass.rows().lengths());
        yield new PassTables(
            angles, Optional.of(new Appended(rows.on(device), step(blocks, pass, cache, slots))));
      }
    };
  }

  private static Optional<Step> step(
      List<Block> blocks, Pass pass, KvCache cache, List<Integer> slots) {
    if (pass.rows().tokens() != pass.rows().size() || !leading(slots)) {
      return Optional.empty();
    }
    int longest = 1 + slots.stream().mapToInt(cache::length).max().orElse(0);
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
