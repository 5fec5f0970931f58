package dev.demur.toy.train;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The shape of the demo model: a Llama with tied embeddings.
///
/// @param layers blocks
/// @param dModel width of the residual stream
/// @param heads attention heads
/// @param kvHeads key-value heads
/// @param dHead width of a head
/// @param dMlp inner width of the MLP
/// @param dVocab rows of the embedding
public record Shape(
    int layers, int dModel, int heads, int kvHeads, int dHead, int dMlp, int dVocab) {

  /// Longest sequence the exported model announces; training sequences are shorter than half.
  public static final int CONTEXT = 256;

  private static final double NORM_EPS = 1e-5;
  private static final double ROPE_THETA = 10_000;
  private static final int VOCABULARY_STEP = 64;

  /// The demo model's shape: 1.4 million weights.
  ///
  /// @param vocabulary number of token ids, rounded up to a multiple of 64
  public static Shape demo(int vocabulary) {
    int rows = Math.ceilDiv(vocabulary, VOCABULARY_STEP) * VOCABULARY_STEP;
    return new Shape(8, 128, 4, 2, 32, 256, rows);
  }

  /// A weight and its Hugging Face name.
  ///
  /// @param name e.g. `model.layers.0.mlp.down_proj.weight`
  /// @param shape `[out, in]`, or `[d_model]` for a norm
  /// @param deviation of its first random values; 0 for a norm, which starts at one
  public record Slot(String name, List<Long> shape, double deviation) {

    public Slot {
      shape = List.copyOf(shape);
    }
  }

  /// All weights in the order they are drawn.
  ///
  /// Embeddings start at N(0, 0.02²), matrices at N(0, 1 / fan-in); those that write to the stream
  /// are divided by √(2 · layers), so that the stream does not grow with depth.
  public List<Slot> slots() {
    var slots = new ArrayList<Slot>();
    slots.add(new Slot("model.embed_tokens.weight", List.of((long) dVocab, (long) dModel), 0.02));
    double writer = 1 / Math.sqrt(2.0 * layers);
    for (int layer = 0; layer < layers; layer++) {
      String block = "model.layers." + layer + ".";
      slots.add(norm(block + "input_layernorm.weight"));
      slots.add(matrix(block + "self_attn.q_proj.weight", heads * dHead, dModel, 1));
      slots.add(matrix(block + "self_attn.k_proj.weight", kvHeads * dHead, dModel, 1));
      slots.add(matrix(block + "self_attn.v_proj.weight", kvHeads * dHead, dModel, 1));
      slots.add(matrix(block + "self_attn.o_proj.weight", dModel, heads * dHead, writer));
      slots.add(norm(block + "post_attention_layernorm.weight"));
      slots.add(matrix(block + "mlp.gate_proj.weight", dMlp, dModel, 1));
      slots.add(matrix(block + "mlp.up_proj.weight", dMlp, dModel, 1));
      slots.add(matrix(block + "mlp.down_proj.weight", dModel, dMlp, writer));
    }
    slots.add(norm("model.norm.weight"));
    return slots;
  }

  /// `config.json` of the exported folder.
  ///
  /// @param endOfTurn id that ends an answer
  /// @param pad id that pads
  public ObjectNode config(int endOfTurn, int pad) {
    ObjectNode root = new JsonMapper().createObjectNode();
    root.putArray("architectures").add("LlamaForCausalLM");
    root.put("model_type", "llama")
        .put("hidden_size", dModel)
        .put("intermediate_size", dMlp)
        .put("num_hidden_layers", layers)
        .put("num_attention_heads", heads)
        .put("num_key_value_heads", kvHeads)
        .put("head_dim", dHead)
        .put("vocab_size", dVocab)
        .put("max_position_embeddings", CONTEXT)
        .put("rms_norm_eps", NORM_EPS)
        .put("rope_theta", ROPE_THETA)
        .put("hidden_act", "silu")
        .put("attention_bias", false)
        .put("mlp_bias", false)
        .put("tie_word_embeddings", true)
        .putNull("bos_token_id")
        .put("eos_token_id", endOfTurn)
        .put("pad_token_id", pad)
        .put("torch_dtype", "bfloat16");
    return root;
  }

  private Slot norm(String name) {
    return new Slot(name, List.of((long) dModel), 0);
  }

  private static Slot matrix(String name, int out, int in, double factor) {
    return new Slot(name, List.of((long) out, (long) in), factor / Math.sqrt(in));
  }
}
