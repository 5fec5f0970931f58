package dev.demur.model.arch.family;

import dev.demur.model.format.UnsupportedModelException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads which layers have attention and which a recurrence.
final class MixedLayers {

  /// What transformers takes former names for.
  private static final Map<String, String> FORMER =
      Map.of("attention", Windows.FULL, "mamba", "linear_attention");

  private MixedLayers() {}

  /// Whether a layer has attention.
  ///
  /// @param types what the layers have, one a layer
  /// @param recurrent what a recurrence is called
  static boolean hasAttention(ConfigReader json, int layer, List<String> types, String recurrent)
      throws UnsupportedModelException {
    if (layer >= types.size()) {
      throw json.unsupported("\"layer_types\" has no entry for layer " + layer + ".");
    }
    String type = FORMER.getOrDefault(types.get(layer), types.get(layer));
    if (!Set.of(Windows.FULL, recurrent).contains(type)) {
      throw json.unsupported(
          "layer type \""
              + type
              + "\" is not known; known are "
              + Windows.FULL
              + " and "
              + recurrent
              + ".");
    }
    return type.equals(Windows.FULL);
  }
}
