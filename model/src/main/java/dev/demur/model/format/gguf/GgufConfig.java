package dev.demur.model.format.gguf;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.StoredTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// Says what a GGUF file's metadata says in the keys of a transformers 4 `config.json`.
final class GgufConfig {

  private static final double DEFAULT_ROPE_THETA = 10_000;
  private static final String TRAINED_CONTEXT = "original_max_position_embeddings";

  /// Layers and hidden sizes for which Gemma 2 and 3 scale queries by d_model / n_heads, not
  /// d_head.
  private static final Map<String, Long> GEMMA_27B_LAYERS =
      Map.of("gemma2", 46L, "gemma3_text", 62L);

  /// Families of which transformers assumes that only a part of each head rotates.
  private static final Set<String> PARTLY_ROTATING = Set.of("gpt_neox", "stablelm");

  private final String architecture;
  private final GgufMetadata metadata;
  private final GgufFamily family;
  private final Map<String, StoredTensor> tensors;
  private final ObjectNode config = BoundedJson.emptyObject();

  private GgufConfig(
      String architecture,
      GgufMetadata metadata,
      GgufFamily family,
      Map<String, StoredTensor> tensors) {
    this.architecture = architecture;
    this.metadata = metadata;
    this.family = family;
    this.tensors = tensors;
  }

  /// @param architecture `general.architecture`, the prefix of the model's keys
  /// @param tensors the file's tensors by GGUF name
  static ObjectNode of(
      String architecture,
      GgufMetadata metadata,
      GgufFamily family,
      Map<String, StoredTensor> tensors)
      throws ModelFormatException {
    return new GgufConfig(architecture, metadata, family, tensors).build();
  }

  private ObjectNode build() throws ModelFormatException {
    config.put("model_type", family.modelType());
    config.putArray("architectures").add(family.className());
    new TreeMap<>(family.constants()).forEach(this::put);
    // Sorted, so that the same file always gives the same text.
    for (var key : new TreeMap<>(family.keys()).entrySet()) {
      var value = metadata.values().get(architecture + "." + key.getKey());
      if (value != null) {
        put(key.getValue(), value);
      }
    }
    putHeads();
    putVocabulary();
    putRope();
    config.put("tie_word_embeddings", !tensors.containsKey("output.weight"));
    config.put("attention_bias", hasTensor("attn_q.bias", "attn_qkv.bias", "attn_output.bias"));
    config.put("mlp_bias", hasTensor("ffn_down.bias"));
    if (family.modelType().equals("qwen")) {
      // Trained length; the files give the two lengths as one.
      config.set("seq_length", config.path("max_position_embeddings"));
      config.set("kv_channels", config.path("head_dim"));
    }
    if (family.modelType().equals("seed_oss")) {
      config.put("attention_bias", hasTensor("attn_q.bias"));
      config.put("attention_out_bias", hasTensor("attn_output.bias"));
    }
    if (family.modelType().equals("stablelm")) {
      config.put("use_qkv_bias", hasTensor("attn_q.bias"));
      config.put("qk_layernorm", hasTensor("attn_q_norm.weight"));
    }
    if (family.modelType().endsWith("_moe") && family.keys().containsValue("num_experts")) {
      putDenseLayers();
    }
    config.put("torch_dtype", torchType());
    family.words().add(new GgufFacts(architecture, metadata, tensors), config);
    return config;
  }

  /// Whether the first block has one of these tensors.
  private boolean hasTensor(String... names) {
    return Arrays.stream(names).anyMatch(name -> tensors.containsKey("blk.0." + name));
  }

  /// Qwen's mixtures can have layers without experts; only the tensors say which.
  private void putDenseLayers() throws ModelFormatException {
    var dense = config.putArray("mlp_only_layers");
    // A count nothing has checked yet; no block is without a tensor.
    long layers = Math.min(integer("block_count").orElse(0L), tensors.size());
    for (long layer = 0; layer < layers; layer++) {
      if (tensors.containsKey("blk." + layer + ".ffn_gate.weight")) {
        dense.add(layer);
      }
    }
  }

  private void put(String key, Object value) {
    switch (value) {
      case Long whole -> config.put(key, whole);
      // Metadata holds float32; its shortest decimal is the number that was meant: 1e-6, not
      // 9.999999974752427e-7.
      case Double real -> config.put(key, Double.parseDouble(Float.toString(real.floatValue())));
      case Integer whole -> config.put(key, whole.longValue());
      case Boolean flag -> config.put(key, flag);
      case String text -> config.put(key, text);
      case List<?> list when !list.isEmpty() && list.stream().distinct().count() == 1 ->
          put(key, list.getFirst());
      case List<?> list -> {
        var array = config.putArray(key);
        list.forEach(element -> array.add(String.valueOf(element)));
      }
      default -> throw new IllegalStateException("metadata holds a " + value.getClass());
    }
  }

  /// A whole number, also when it is given once per layer and always the same. What differs from
  /// layer to layer is read by [GgufWords].
  private Optional<Long> integer(String key) throws ModelFormatException {
    String fullKey = architecture + "." + key;
    Object value = metadata.values().get(fullKey);
    if (value instanceof List<?> list && list.stream().distinct().count() == 1) {
      value = list.getFirst();
    }
    return switch (value) {
      case null -> Optional.empty();
      case Long number -> Optional.of(number);
      default ->
          throw new ModelFormatException(
              metadata.file(), "metadata key " + fullKey + " is not one whole number");
    };
  }

  private void putHeads() throws ModelFormatException {
    long heads = integer("attention.head_count").orElse(0L);
    if (heads < 1) {
      return;
    }
    if (!metadata.values().containsKey(architecture + ".attention.head_count_kv")
        && family.keys().containsKey("attention.head_count_kv")) {
      config.put("num_key_value_heads", heads);
    }
    long hidden = integer("embedding_length").orElse(0L);
    long dRotary = integer("rope.dimension_count").orElse(0L);
    boolean ropeIsHead = family.layout() == GgufFamily.Layout.ROTARY_PAIRS && dRotary > 0;
    long dHead = integer("attention.key_length").orElse(ropeIsHead ? dRotary : hidden / heads);
    config.put("head_dim", dHead);
    boolean usuallyPart = PARTLY_ROTATING.contains(family.modelType());
    if (dRotary > 0 && (dRotary < dHead || usuallyPart)) {
      double share = (double) dRotary / dHead;
      config.put("partial_rotary_factor", share);
      config.put("rotary_pct", share);
    }
    if (GEMMA_27B_LAYERS.containsKey(family.modelType())) {
      boolean large =
          GEMMA_27B_LAYERS.get(family.modelType()).equals(integer("block_count").orElse(0L));
      config.put("query_pre_attn_scalar", large ? hidden / heads : dHead);
    }
  }

  private void putVocabulary() throws ModelFormatException {
    var embedding = tensors.get("token_embd.weight");
    if (embedding != null && embedding.info().shape().size() == 2 && !config.has("vocab_size")) {
      config.put("vocab_size", embedding.info().shape().getFirst());
    }
    for (var special :
        Map.of("bos", "bos_token_id", "eos", "eos_token_id", "padding", "pad_token_id")
            .entrySet()) {
      var id = metadata.values().get("tokenizer.ggml." + special.getKey() + "_token_id");
      if (id instanceof Long number) {
        config.put(special.getValue(), number);
      }
    }
  }

  private void putRope() throws ModelFormatException {
    String thetaKey = family.keys().getOrDefault("rope.freq_base", "rope_theta");
    if (!config.has(thetaKey)) {
      config.put(thetaKey, DEFAULT_ROPE_THETA);
    }
    config.set("rope_theta", config.path(thetaKey));
    var scaling = GgufRope.scaling(architecture, metadata, config, tensors);
    if (!scaling.isEmpty()) {
      config.set("rope_scaling", scaling);
    } else if (family.modelType().equals("gpt_oss")) {
      // transformers would assume a scaling, llama.cpp assumes none.
      config.set("rope_scaling", BoundedJson.emptyObject().put("rope_type", "default"));
    }
    if (family.modelType().equals("phi3") && !config.has(TRAINED_CONTEXT)) {
      config.set(TRAINED_CONTEXT, config.path("max_position_embeddings"));
    }
  }

  /// The type of the matrices, as far as torch has it: what is quantised counts as bfloat16.
  private String torchType() {
    var embedding = tensors.get("token_embd.weight");
    return switch (embedding == null ? "" : embedding.info().type()) {
      case "F32" -> "float32";
      case "F16" -> "float16";
      default -> "bfloat16";
    };
  }
}
