package dev.demur.model.format.gguf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How the metadata and tensor names of one GGUF architecture read in Hugging Face's words.
///
/// @param modelType `model_type` of `config.json`
/// @param className entry of `architectures`
/// @param keys key in `config.json` by metadata key without its prefix
/// @param constants what `config.json` says and the metadata does not
/// @param tensors names of tensors outside the blocks, by GGUF name without `.weight`
/// @param blockPrefix what stands before the block number
/// @param blockTensors names inside a block, by GGUF name without `blk.N.` and `.weight`; `{e}`
///   stands for the number of an expert, whose matrices GGUF stacks. A GGUF name with its `.weight`
///   stands for a whole name
/// @param layout which tensors have to be rearranged
/// @param words what the configuration says besides
public record GgufFamily(
    String modelType,
    String className,
    Map<String, String> keys,
    Map<String, Object> constants,
    Map<String, String> tensors,
    String blockPrefix,
    Map<String, String> blockTensors,
    Layout layout,
    GgufWords words) {

  /// Which tensors a family's GGUF has in another arrangement.
  enum Layout {
    AS_STORED,
    /// Rotary pairs next to each other in `attn_q` and `attn_k`.
    ROTARY_PAIRS,
    /// One added to every norm.
    NORMS_PLUS_ONE,
    /// `attn_qkv` matrix by matrix.
    QKV_BY_MATRIX,
    /// Block matrices transposed.
    TRANSPOSED,
    /// Experts' gate and up matrices apart, all transposed.
    GPT_OSS,
    /// Short convolutions without the dimension that is always 1.
    CONVOLUTIONS,
    /// A gated DeltaNet, its value heads in the order of Hugging Face, and one added to most norms.
    DELTA,
    /// The same, the first value head of each key head before the second of each.
    TILED_DELTA,
    /// Mamba 2: vectors of other shapes.
    MAMBA,
    /// The same, and rotary pairs next to each other.
    MAMBA_AND_PAIRS,
    /// Numbers of each layer's activation in the metadata.
    XIELU,
    /// The matrix that makes keys and values of short vectors in two.
    LATENT
  }

  static final String EXPERT = "{e}";

  private static final Pattern WHOLE = Pattern.compile("blk\\.(\\d{1,6})\\.(.+)");

  private static final Map<String, String> LLAMA_KEYS =
      Map.ofEntries(
          Map.entry("context_length", "max_position_embeddings"),
          Map.entry("block_count", "num_hidden_layers"),
          Map.entry("embedding_length", "hidden_size"),
          Map.entry("feed_forward_length", "intermediate_size"),
          Map.entry("attention.head_count", "num_attention_heads"),
          Map.entry("attention.head_count_kv", "num_key_value_heads"),
          Map.entry("attention.layer_norm_rms_epsilon", "rms_norm_eps"),
          Map.entry("attention.layer_norm_epsilon", "layer_norm_eps"),
          Map.entry("attention.sliding_window", "sliding_window"),
          Map.entry("rope.freq_base", "rope_theta"),
          Map.entry("vocab_size", "vocab_size"));

  private static final Map<String, String> LLAMA_TENSORS =
      Map.of(
          "token_embd", "model.embed_tokens",
          "output_norm", "model.norm",
          "output", "lm_head");

  private static final Map<String, String> LLAMA_BLOCK =
      Map.ofEntries(
          Map.entry("attn_norm", "input_layernorm"),
          Map.entry("attn_q", "self_attn.q_proj"),
          Map.entry("attn_k", "self_attn.k_proj"),
          Map.entry("attn_v", "self_attn.v_proj"),
          Map.entry("attn_qkv", "self_attn.qkv_proj"),
          Map.entry("attn_output", "self_attn.o_proj"),
          Map.entry("attn_q_norm", "self_attn.q_norm"),
          Map.entry("attn_k_norm", "self_attn.k_norm"),
          Map.entry("ffn_norm", "post_attention_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"));

  /// A family that names its parts as Llama does.
  static GgufFamily likeLlama(String modelType, String className) {
    return new GgufFamily(
        modelType,
        className,
        LLAMA_KEYS,
        Map.of(),
        LLAMA_TENSORS,
        "model.layers.",
        LLAMA_BLOCK,
        Layout.AS_STORED,
        GgufWords.none());
  }

  GgufFamily withKeys(Map<String, String> more) {
    return new GgufFamily(
        modelType,
        className,
        merged(keys, more),
        constants,
        tensors,
        blockPrefix,
        blockTensors,
        layout,
        words);
  }

  GgufFamily withConstants(Map<String, Object> more) {
    return new GgufFamily(
        modelType,
        className,
        keys,
        merged(constants, more),
        tensors,
        blockPrefix,
        blockTensors,
        layout,
        words);
  }

  GgufFamily withTensors(Map<String, String> outside) {
    return new GgufFamily(
        modelType, className, keys, constants, outside, blockPrefix, blockTensors, layout, words);
  }

  GgufFamily withBlock(String prefix, Map<String, String> names) {
    return new GgufFamily(
        modelType, className, keys, constants, tensors, prefix, names, layout, words);
  }

  GgufFamily withBlockNames(Map<String, String> more) {
    return withBlock(blockPrefix, merged(blockTensors, more));
  }

  GgufFamily withLayout(Layout other) {
    return new GgufFamily(
        modelType, className, keys, constants, tensors, blockPrefix, blockTensors, other, words);
  }

  GgufFamily withWords(GgufWords more) {
    return new GgufFamily(
        modelType, className, keys, constants, tensors, blockPrefix, blockTensors, layout, more);
  }

  GgufFamily withTensorNames(Map<String, String> more) {
    return withTensors(merged(tensors, more));
  }

  private static <T> Map<String, T> merged(Map<String, T> first, Map<String, T> second) {
    var all = new LinkedHashMap<>(first);
    all.putAll(second);
    return Map.copyOf(all);
  }

  /// The Hugging Face name of a GGUF tensor; with [#EXPERT] in it for stacked experts.
  public Optional<String> hfName(String ggufName) {
    int dot = ggufName.lastIndexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    var whole = WHOLE.matcher(ggufName);
    if (whole.matches() && blockTensors.containsKey(whole.group(2))) {
      return Optional.of(blockPrefix + whole.group(1) + "." + blockTensors.get(whole.group(2)));
    }
    String stem = ggufName.substring(0, dot);
    String ending = ggufName.substring(dot);
    if (!stem.startsWith("blk.")) {
      return Optional.ofNullable(tensors.get(stem)).map(name -> name + ending);
    }
    int afterNumber = stem.indexOf('.', 4);
    if (afterNumber < 0) {
      return Optional.empty();
    }
    String number = stem.substring(4, afterNumber);
    String inner = stem.substring(afterNumber + 1);
    return Optional.ofNullable(blockTensors.get(inner))
        .or(() -> oneExpert(inner))
        .map(name -> blockPrefix + number + "." + name + ending);
  }

  /// Files made before April 2024 hold each expert's matrices on their own, `ffn_gate.3`.
  private Optional<String> oneExpert(String inner) {
    int dot = inner.lastIndexOf('.');
    String expert = inner.substring(dot + 1);
    if (dot < 0 || !expert.matches("\\d{1,4}")) {
      return Optional.empty();
    }
    return Optional.ofNullable(blockTensors.get(inner.substring(0, dot) + "_exps"))
        .map(name -> name.replace(EXPERT, expert));
  }
}
