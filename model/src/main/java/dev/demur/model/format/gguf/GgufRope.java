package dev.demur.model.format.gguf;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.StoredTensor;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Says how a GGUF file scales rotary frequencies, as `rope_scaling` of a `config.json`.
///
/// Llama 3's scaling is stored as one factor per frequency (`rope_freqs.weight`); when these are
/// what `llama3` scaling gives, that is what the result says, else it is `{"rope_type": "factors",
/// "factors": […]}`: each frequency is divided by its factor.
final class GgufRope {

  private static final long[] LLAMA3_FACTORS = {8, 32, 2, 4, 16};
  private static final long LLAMA3_LOW = 1;
  private static final long LLAMA3_HIGH = 4;
  private static final long LLAMA3_ORIGINAL = 8192;

  /// The converter takes the factors in float32.
  private static final double TOLERANCE = 1e-4;

  /// Far wider than half of any head.
  private static final long MAX_FREQUENCIES = 1 << 14;

  private GgufRope() {}

  /// The scaling, or an empty object when there is none.
  ///
  /// @throws ModelFormatException if a factor tensor is no such thing
  static ObjectNode scaling(
      String architecture,
      GgufMetadata metadata,
      ObjectNode config,
      Map<String, StoredTensor> tensors)
      throws ModelFormatException {
    if (tensors.containsKey("rope_factors_long.weight")
        && tensors.containsKey("rope_factors_short.weight")) {
      return longRope(tensors);
    }
    var factors = tensors.get("rope_freqs.weight");
    if (factors != null) {
      return perFrequency(floats(factors), config.path("rope_theta").asDouble(10_000));
    }
    return named(architecture + ".rope.scaling.", metadata);
  }

  private static ObjectNode longRope(Map<String, StoredTensor> tensors)
      throws ModelFormatException {
    var scaling = typed("longrope");
    for (String which : List.of("long", "short")) {
      var array = scaling.putArray(which + "_factor");
      var stored = tensors.get("rope_factors_" + which + ".weight");
      if (stored != null) {
        for (double factor : floats(stored)) {
          array.add(factor);
        }
      }
    }
    return scaling;
  }

  /// Linear and YaRN scaling are in the metadata.
  private static ObjectNode named(String prefix, GgufMetadata metadata) {
    var values = metadata.values();
    if (!(values.get(prefix + "type") instanceof String type) || type.equals("none")) {
      return BoundedJson.emptyObject();
    }
    var scaling = typed(type);
    copy(values, prefix + "factor", scaling, "factor");
    copy(values, prefix + "original_context_length", scaling, "original_max_position_embeddings");
    copy(values, prefix + "attn_factor", scaling, "attention_factor");
    copy(values, prefix + "yarn_attn_factor", scaling, "attention_factor");
    copy(values, prefix + "yarn_beta_fast", scaling, "beta_fast");
    copy(values, prefix + "yarn_beta_slow", scaling, "beta_slow");
    return scaling;
  }

  private static void copy(Map<String, Object> from, String key, ObjectNode to, String name) {
    switch (from.get(key)) {
      case Long whole -> to.put(name, whole);
      case Double real -> to.put(name, Double.parseDouble(Float.toString(real.floatValue())));
      case null, default -> {}
    }
  }

  private static ObjectNode perFrequency(List<Double> factors, double theta) {
    if (factors.stream().allMatch(factor -> factor == 1)) {
      return BoundedJson.emptyObject();
    }
    for (long factor : LLAMA3_FACTORS) {
      if (isLlama3(factors, theta, (double) factor)) {
        return typed("llama3")
            .put("factor", (double) factor)
            .put("low_freq_factor", (double) LLAMA3_LOW)
            .put("high_freq_factor", (double) LLAMA3_HIGH)
            .put("original_max_position_embeddings", LLAMA3_ORIGINAL);
      }
    }
    var scaling = typed("factors");
    var array = scaling.putArray("factors");
    factors.forEach(array::add);
    return scaling;
  }

  /// Compares with the factors Llama 3.1's scaling gives.
  ///
  /// Source: `_compute_llama3_parameters` in transformers 4.43 and later.
  private static boolean isLlama3(List<Double> factors, double theta, double factor) {
    for (int i = 0; i < factors.size(); i++) {
      double wavelength = 2 * Math.PI * Math.pow(theta, (double) i / factors.size());
      double smooth =
          Math.clamp(
              (LLAMA3_ORIGINAL / wavelength - LLAMA3_LOW) / (LLAMA3_HIGH - LLAMA3_LOW), 0.0, 1.0);
      double expected = 1 / ((1 - smooth) / factor + smooth);
      if (Math.abs(factors.get(i) - expected) > TOLERANCE * expected) {
        return false;
      }
    }
    return true;
  }

  private static ObjectNode typed(String type) {
    return BoundedJson.emptyObject().put("rope_type", type).put("type", type);
  }

  private static List<Double> floats(StoredTensor stored) throws ModelFormatException {
    if (stored.info().elements() > MAX_FREQUENCIES) {
      throw new ModelFormatException(
          stored.file(),
          String.format(
              Locale.ROOT,
              "tensor \"%s\" has %,d elements, expected half a head's width",
              stored.info().name(),
              stored.info().elements()));
    }
    try (var _ = Scope.open()) {
      var list = new ArrayList<Double>();
      for (float value : stored.load(DType.F32).toFloats()) {
        list.add((double) value);
      }
      return list;
    }
  }
}
