package dev.demur.model.arch.family;

import dev.demur.model.format.UnsupportedModelException;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/// Reads which layers see how far back.
final class Windows {

  static final String FULL = "full_attention";
  static final String SLIDING = "sliding_attention";

  private Windows() {}

  /// The window of a layer: what `layer_types` says, else `otherwise`.
  ///
  /// @param otherwise which layers are bounded when the configuration has no `layer_types`
  static OptionalInt of(ConfigReader json, int layer, IntPredicate otherwise)
      throws UnsupportedModelException {
    return slides(json, layer, otherwise)
        ? OptionalInt.of(json.require("sliding_window"))
        : OptionalInt.empty();
  }

  /// What a configuration is told whose `layer_types` says one thing and another key another.
  static UnsupportedModelException disagrees(ConfigReader json, int layer, String key) {
    return json.unsupported(
        "\"layer_types\" and \""
            + key
            + "\" disagree about layer "
            + layer
            + ", expected both to give it a window or neither.");
  }

  /// Whether a layer has a window.
  static boolean slides(ConfigReader json, int layer, IntPredicate otherwise)
      throws UnsupportedModelException {
    var types = json.strings("layer_types");
    if (types.isEmpty()) {
      return otherwise.test(layer);
    }
    if (layer >= types.size()) {
      throw json.unsupported("\"layer_types\" has no entry for layer " + layer + ".");
    }
    return switch (types.get(layer)) {
      case SLIDING -> true;
      case FULL -> false;
      default ->
          throw json.unsupported(
              "layer type \""
                  + types.get(layer)
                  + "\" is not known; known are "
                  + FULL
                  + " and "
                  + SLIDING
                  + ".");
    };
  }
}
