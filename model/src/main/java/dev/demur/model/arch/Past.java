package dev.demur.model.arch;

import dev.demur.model.hook.Copies;
import dev.demur.model.hook.Rows;
import java.util.List;

/// What earlier tokens the sequences of a pass can look back at.
public sealed interface Past {

  /// Nothing: each sequence starts at position 0.
  record Nothing() implements Past {}

  /// What the prompts begin with: slot `c` of a cache precedes the sequences of copy `c`. The pass
  /// leaves the cache alone.
  record SharedPrefix(KvCache cache, Copies copies) implements Past {}

  /// Sequence `i` continues slot `slots[i]` of a cache; the pass appends to it.
  record Slots(KvCache cache, List<Integer> slots) implements Past {
    public Slots {
      slots = List.copyOf(slots);
    }
  }

  /// Position of the first token of packed sequence `i`.
  default int start(int i) {
    return switch (this) {
      case Nothing() -> 0;
      case SharedPrefix(var cache, _) -> cache.length(0);
      case Slots(var cache, var slots) -> cache.length(slots.get(i));
    };
  }

  /// Makes sure that what a pass will append fits.
  default void require(Rows rows) {
    if (this instanceof Slots(var cache, var slots)) {
      for (int i = 0; i < rows.size(); i++) {
        cache.require(slots.get(i), rows.lengths().get(i));
      }
    }
  }

  /// Counts what a pass has appended.
  default void advance(Rows rows) {
    if (this instanceof Slots(var cache, var slots)) {
      for (int i = 0; i < rows.size(); i++) {
        cache.advance(slots.get(i), rows.lengths().get(i));
      }
    }
  }
}
