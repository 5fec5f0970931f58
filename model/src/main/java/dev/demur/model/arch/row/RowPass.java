package dev.demur.model.arch.row;

import dev.demur.model.arch.KvCache;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Rope;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The run of some sequences' tokens through the blocks on plain arrays, whose rows lie one behind
/// the other.
///
/// @param pass the tokens as a pass
/// @param cache what came before, and where the tokens' keys and values go
/// @param tokens where each lies
/// @param turns of the tokens' positions by rotation, made when first asked for
record RowPass(Pass pass, KvCache cache, List<Token> tokens, Map<Rope, List<Rope.Turn>> turns) {

  /// One token of a pass.
  ///
  /// @param slot of its sequence
  /// @param position in its sequence
  /// @param length of its sequence once the pass is done
  record Token(int slot, int position, int length) {}

  RowPass(Pass pass, KvCache cache, List<Integer> slots) {
    this(pass, cache, tokens(pass, cache, slots), new HashMap<>());
  }

  private static List<Token> tokens(Pass pass, KvCache cache, List<Integer> slots) {
    var tokens = new ArrayList<Token>();
    for (int i = 0; i < slots.size(); i++) {
      int slot = slots.get(i);
      int length = cache.length(slot) + pass.rows().lengths().get(i);
      for (int position = cache.length(slot); position < length; position++) {
        tokens.add(new Token(slot, position, length));
      }
    }
    return List.copyOf(tokens);
  }

  /// How many tokens.
  int rows() {
    return tokens.size();
  }

  /// How each token's position turns queries and keys.
  List<Rope.Turn> turns(Rope rope) {
    return turns.computeIfAbsent(
        rope, key -> tokens.stream().map(token -> key.turn(token.position, token.length)).toList());
  }

  /// Runs the plan's edits and probes at one place.
  ///
  /// @param activation the rows
  /// @param shape what edits and probes see each of them as
  float[] at(int layer, Site site, float[] activation, long... shape) {
    if (!pass.touches(layer, site)) {
      return activation;
    }
    long[] all = new long[shape.length + 1];
    all[0] = rows();
    System.arraycopy(shape, 0, all, 1, shape.length);
    try (var _ = Scope.open()) {
      return pass.at(layer, site, Tensor.of(activation, all)).toFloats();
    }
  }

  /// The same at a place in the residual stream.
  float[] at(int layer, Site site, float[] rows) {
    var plain = pass.plan().plain(new HookPoint(layer, site));
    if (plain.isPresent()) {
      float[] edited = rows.clone();
      plain.get().apply(edited, pass.rows());
      return edited;
    }
    return at(layer, site, rows, rows.length / rows());
  }
}
