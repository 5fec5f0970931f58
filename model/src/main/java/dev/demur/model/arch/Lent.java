package dev.demur.model.arch;

import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// Keys and values of one pass that blocks make and later blocks look at again. Changed by every
/// block that makes some.
final class Lent {

  private final Set<Integer> wanted;
  private final Map<Integer, Seen> made = new HashMap<>();

  /// @param keys normalised and rotated, `[tokens, kv_head, d_head]`
  /// @param values `[tokens, kv_head, d_value]`
  record Seen(Tensor keys, Tensor values) {}

  private Lent(Set<Integer> wanted) {
    this.wanted = wanted;
  }

  static Lent among(List<Block> running) {
    return new Lent(
        running.stream()
            .flatMapToInt(block -> borrowed(block).stream())
            .boxed()
            .collect(Collectors.toUnmodifiableSet()));
  }

  /// The block whose keys and values a block looks at, where that is not itself.
  static OptionalInt borrowed(Block block) {
    return block.mixer() instanceof Attention attention
        ? attention.borrowed()
        : OptionalInt.empty();
  }

  /// Takes what a block made, if a later one wants it.
  void offer(int layer, Seen seen) {
    if (wanted.contains(layer)) {
      made.put(layer, seen);
    }
  }

  /// Lets what a block made live as long as the pass.
  void outlive(int layer, Scope block) {
    var seen = made.get(layer);
    if (seen != null) {
      block.keep(seen.keys);
      block.keep(seen.values);
    }
  }

  /// What a block made.
  ///
  /// @throws IllegalStateException if it did not run in this pass
  Seen of(int layer, Device device) {
    var seen = made.get(layer);
    if (seen == null) {
      throw new IllegalStateException(
          "a pass cannot begin behind layer " + layer + ", whose keys and values are looked at");
    }
    return new Seen(seen.keys.on(device), seen.values.on(device));
  }
}
