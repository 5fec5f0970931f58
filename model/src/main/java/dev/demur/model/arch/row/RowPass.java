package dev.demur.model.arch.row;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Rope;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/// One token's run through the blocks on plain arrays.
///
/// @param pass the token as a pass of one row
/// @param cache what came before, and where the token's keys and values go
/// @param slot the sequence's
/// @param turns of the token's position by rotation, made when first asked for
record RowPass(Pass pass, KvCache cache, int slot, Map<Rope, Rope.Turn> turns) {

  RowPass(Pass pass, KvCache cache, int slot) {
    this(pass, cache, slot, new HashMap<>());
  }

  /// Position of the token in its sequence.
  int position() {
    return cache.length(slot);
  }

  /// How the token's position turns queries and keys.
  Rope.Turn turn(Rope rope) {
    return turns.computeIfAbsent(rope, key -> key.turn(position(), position() + 1));
  }

  /// Runs the plan's edits and probes at one place.
  ///
  /// @param activation the row
  /// @param shape what edits and probes see it as, the one token first
  float[] at(int layer, Site site, float[] activation, long... shape) {
    if (!pass.touches(layer, site)) {
      return activation;
    }
    try (var _ = Scope.open()) {
      return pass.at(layer, site, Tensor.of(activation, shape)).toFloats();
    }
  }

  /// The same at a place in the residual stream.
  float[] at(int layer, Site site, float[] row) {
    return at(layer, site, row, 1, row.length);
  }
}
