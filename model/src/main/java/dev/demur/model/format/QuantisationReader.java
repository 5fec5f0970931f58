package dev.demur.model.format;

import dev.demur.model.format.Quantisation.Activations;
import dev.demur.model.format.Quantisation.Awq;
import dev.demur.model.format.Quantisation.CompressedTensors;
import dev.demur.model.format.Quantisation.Floating;
import dev.demur.model.format.Quantisation.Gptq;
import dev.demur.model.format.Quantisation.None;
import dev.demur.model.format.Quantisation.Scheme;
import dev.demur.model.format.Quantisation.Zero;
import dev.demur.model.format.Quantisation.Zeros;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Reads `quantization_config`, and refuses by name what is not unpacked here.
///
/// Sources: `quantization_config.py` of transformers 5.24, `QuantizeConfig` of GPTQModel 7.7,
/// `QuantizationConfig` of compressed-tensors 0.20.
final class QuantisationReader {

  private static final Set<String> METHODS =
      Set.copyOf(List.of("awq", "compressed-tensors", "fp8", "gptq", "mxfp4"));

  private static final String METHOD = "quant_method";
  private static final String FORMAT = "format";

  /// Elements must not straddle words.
  private static final Set<Integer> BITS = Set.of(2, 4, 8);

  private static final Set<String> FORMATS =
      Set.of("dense", "pack-quantized", "int-quantized", "float-quantized", "naive-quantized");

  private final String model;
  private final JsonNode json;

  QuantisationReader(String model, JsonNode config) {
    this.model = model;
    var whole = config.path("quantization_config");
    this.json = whole.isObject() ? whole : config.path("text_config").path("quantization_config");
  }

  Quantisation read() throws UnsupportedModelException {
    if (!json.isObject() || json.isEmpty()) {
      return new None();
    }
    String method = text(json, METHOD, "").toLowerCase(Locale.ROOT);
    return switch (method) {
      case "fp8", "mxfp4" -> new Floating();
      case "gptq" -> gptq();
      case "awq" -> awq();
      case "compressed-tensors" -> compressedTensors();
      default -> throw unknown(method);
    };
  }

  private UnsupportedModelException unknown(String method) {
    var known = new TreeSet<>(METHODS);
    if (method.isEmpty()) {
      return refused(
          "\"quantization_config\" has no \"quant_method\", expected one of "
              + String.join(", ", known)
              + "; fetch config.json again.");
    }
    return refused(
        "its weights are quantised with \""
            + method
            + "\" (quant_method), which is not unpacked here; those are: "
            + String.join(", ", known)
            + ". Take the model it was made from, or save it dequantised with transformers"
            + " (model.dequantize(), save_pretrained).");
  }

  private Gptq gptq() throws UnsupportedModelException {
    int bits = whole(json, "bits", 0);
    if (!BITS.contains(bits)) {
      throw only("GPTQ with \"bits\"", json.path("bits").toString(), "2, 4 or 8");
    }
    String format = text(json, "checkpoint_format", text(json, FORMAT, "gptq"));
    var zeros =
        switch (format.toLowerCase(Locale.ROOT)) {
          case "gptq" -> Zeros.LESS_ONE;
          case "gptq_v2" -> Zeros.AS_THEY_ARE;
          default -> throw only("GPTQ in \"checkpoint_format\"", quoted(format), "gptq or gptq_v2");
        };
    if (!text(json, "pack_dtype", "int32").equals("int32")) {
      throw only("GPTQ with \"pack_dtype\"", json.path("pack_dtype").toString(), "int32");
    }
    if (json.hasNonNull("rotation")) {
      throw only("GPTQ with \"rotation\"", json.path("rotation").toString(), "none");
    }
    for (var rule : json.path("dynamic").properties()) {
      if (!rule.getKey().startsWith("-:")) {
        throw only(
            "GPTQ with \"dynamic\"", quoted(rule.getKey()), "rules that leave matrices out (-:)");
      }
    }
    return new Gptq(bits, groupSize(json, 128), zeros);
  }

  private Awq awq() throws UnsupportedModelException {
    if (whole(json, "bits", 4) != 4) {
      throw only("AWQ with \"bits\"", json.path("bits").toString(), "4");
    }
    String layout = text(json, "version", text(json, FORMAT, "gemm"));
    if (!layout.toLowerCase(Locale.ROOT).equals("gemm")) {
      throw only("AWQ in \"version\"", quoted(layout), "gemm");
    }
    return new Awq(groupSize(json, 128));
  }

  private CompressedTensors compressedTensors() throws UnsupportedModelException {
    requireFormat(json);
    String sparsity = text(json.path("sparsity_config"), FORMAT, "dense");
    if (!sparsity.equals("dense")) {
      throw only("compressed-tensors with \"sparsity_config\"", quoted(sparsity), "dense");
    }
    if (!json.path("transform_config").path("config_groups").isEmpty()) {
      throw only("compressed-tensors with \"transform_config\"", "set", "none");
    }
    var schemes = new ArrayList<Scheme>();
    var activations = Activations.KEPT;
    for (var group : json.path("config_groups")) {
      requireFormat(group);
      if (group.path("weights").isObject()) {
        schemes.addAll(scheme(group.path("weights")));
      }
      if (group.path("input_activations").isObject()) {
        activations = Activations.ROUNDED;
      }
    }
    return new CompressedTensors(schemes, activations);
  }

  /// Of whole numbers; float8 says for itself how it is scaled.
  private List<Scheme> scheme(JsonNode weights) throws UnsupportedModelException {
    int bits = whole(weights, "num_bits", 8);
    boolean isFloat = text(weights, "type", "int").equals("float");
    if (isFloat ? bits != 8 : !BITS.contains(bits)) {
      throw only(
          "compressed-tensors with " + (isFloat ? "float" : "whole") + " numbers of \"num_bits\"",
          weights.path("num_bits").toString(),
          isFloat ? "8" : "2, 4 or 8");
    }
    if (isFloat) {
      return List.of();
    }
    String strategy = text(weights, "strategy", "");
    boolean grouped =
        strategy.equals("group") || (strategy.isEmpty() && groupSize(weights, -1) > 0);
    if (!grouped && !Set.of("tensor", "channel", "").contains(strategy)) {
      throw only(
          "compressed-tensors with \"strategy\"", quoted(strategy), "tensor, channel or group");
    }
    return List.of(
        new Scheme(
            bits,
            grouped ? groupSize(weights, 128) : -1,
            weights.path("symmetric").asBoolean(true) ? Zero.MIDDLE : Zero.STORED));
  }

  private void requireFormat(JsonNode node) throws UnsupportedModelException {
    String format = text(node, FORMAT, "dense");
    // Says no more than that groups have formats of their own.
    if (!FORMATS.contains(format) && !format.equals("mixed-precision")) {
      throw only(
          "compressed-tensors in \"format\"",
          quoted(format),
          String.join(", ", new TreeSet<>(FORMATS)));
    }
  }

  private int groupSize(JsonNode node, int absent) throws UnsupportedModelException {
    int size = whole(node, "group_size", absent);
    if (size != -1 && size < 1) {
      throw refused("\"group_size\" is " + size + ", expected -1 or a number above 0.");
    }
    return size;
  }

  private int whole(JsonNode node, String key, int absent) throws UnsupportedModelException {
    var value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw refused("\"" + key + "\" of its quantisation is " + value + ", expected a number.");
    }
    return value.intValue();
  }

  private static String text(JsonNode node, String key, String absent) {
    return node.path(key).isString() ? node.path(key).stringValue() : absent;
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private UnsupportedModelException only(String what, String found, String expected) {
    return refused(
        what
            + " "
            + found
            + " is not unpacked here, expected "
            + expected
            + ". Take the model it was made from, or save it dequantised.");
  }

  private UnsupportedModelException refused(String problem) {
    return new UnsupportedModelException(
        (model + ": " + problem).replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?"));
  }
}
