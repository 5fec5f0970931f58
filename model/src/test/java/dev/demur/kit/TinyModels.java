package dev.demur.kit;

import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.format.Weights;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tiny random models built from a seed: no files, no training, awkward shapes.
public final class TinyModels {

  /// The seed random tests use; `-Dtests.seed=…` repeats a failure.
  public static final long SEED = Long.getLong("tests.seed", 20_240_617L);

  public static final int VOCAB = 61;
  private static final int D_MODEL = 24;
  private static final int D_MLP = 40;
  private static final int HEADS = 4;
  private static final int D_HEAD = 10;
  private static final int LAYERS = 3;

  private TinyModels() {}

  /// A Llama with grouped queries, a head width that is not d_model / heads, and biases.
  public static Transformer llama(long seed, int kvHeads, DType dtype) {
    try {
      return Family.load(files(seed, kvHeads), Devices.held(dtype));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Random prompts of different lengths; some share their first tokens.
  public static List<TokenIds> prompts(long seed, int count) {
    var random = new Random(seed);
    var prompts = new ArrayList<TokenIds>();
    for (int i = 0; i < count; i++) {
      prompts.add(TokenIds.of(random.ints(3 + random.nextInt(9), 0, VOCAB).toArray()));
    }
    return prompts;
  }

  /// A random direction of length 1.
  public static Tensor unit(RandomGenerator random, long dModel) {
    var raw = Tensor.gaussian(random, dModel);
    return raw.times(1 / raw.norm());
  }

  /// The model's files, in memory.
  public static ModelFiles files(long seed, int kvHeads) {
    var random = new Random(seed);
    var tensors = new LinkedHashMap<String, Tensor>();
    put(tensors, random, "model.embed_tokens.weight", 1, VOCAB, D_MODEL);
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "model.layers." + layer + ".";
      int queries = HEADS * D_HEAD;
      int keys = kvHeads * D_HEAD;
      norm(tensors, random, prefix + "input_layernorm.weight");
      norm(tensors, random, prefix + "post_attention_layernorm.weight");
      linear(tensors, random, prefix + "self_attn.q_proj", queries, D_MODEL);
      linear(tensors, random, prefix + "self_attn.k_proj", keys, D_MODEL);
      linear(tensors, random, prefix + "self_attn.v_proj", keys, D_MODEL);
      linear(tensors, random, prefix + "self_attn.o_proj", D_MODEL, queries);
      linear(tensors, random, prefix + "mlp.gate_proj", D_MLP, D_MODEL);
      linear(tensors, random, prefix + "mlp.up_proj", D_MLP, D_MODEL);
      linear(tensors, random, prefix + "mlp.down_proj", D_MODEL, D_MLP);
    }
    norm(tensors, random, "model.norm.weight");
    put(tensors, random, "lm_head.weight", 1.5 / Math.sqrt(D_MODEL), VOCAB, D_MODEL);
    var config =
        """
        {"model_type": "llama", "hidden_size": %d, "num_hidden_layers": %d,
         "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d,
         "intermediate_size": %d, "vocab_size": %d, "rms_norm_eps": 1e-5,
         "max_position_embeddings": 64, "tie_word_embeddings": false,
         "attention_bias": true, "mlp_bias": true}
        """
            .formatted(D_MODEL, LAYERS, HEADS, kvHeads, D_HEAD, D_MLP, VOCAB);
    return new InMemory(new JsonMapper().readTree(config), tensors);
  }

  private static void linear(
      Map<String, Tensor> tensors, RandomGenerator random, String name, int out, int in) {
    put(tensors, random, name + ".weight", 1 / Math.sqrt(in), out, in);
    put(tensors, random, name + ".bias", 0.1, out);
  }

  private static void norm(Map<String, Tensor> tensors, RandomGenerator random, String name) {
    tensors.put(name, Tensor.gaussian(random, D_MODEL).times(0.2).plus(1));
  }

  private static void put(
      Map<String, Tensor> tensors,
      RandomGenerator random,
      String name,
      double deviation,
      long... shape) {
    tensors.put(name, Tensor.gaussian(random, shape).times(deviation));
  }

  private record InMemory(JsonNode config, Map<String, Tensor> tensors)
      implements ModelFiles, Weights {

    @Override
    public String name() {
      return "tiny";
    }

    @Override
    public Weights weights() {
      return this;
    }

    @Override
    public Set<String> names() {
      return tensors.keySet();
    }

    @Override
    public TensorInfo info(String name) throws IOException {
      var tensor = Optional.ofNullable(tensors.get(name)).orElseThrow(() -> new IOException(name));
      return new TensorInfo(name, "F32", tensor.shape(), tensor.elements() * 4);
    }

    @Override
    public Tensor load(String name, DType dtype) throws IOException {
      info(name);
      return tensors.get(name).to(dtype);
    }

    @Override
    public TokenizerFiles tokenizer() {
      throw new UnsupportedOperationException("tiny models have no tokenizer");
    }

    @Override
    public Optional<String> chatTemplate() {
      return Optional.empty();
    }

    @Override
    public JsonNode generationConfig() {
      return new JsonMapper().createObjectNode();
    }

    @Override
    public String weightsHash() {
      return Integer.toHexString(Arrays.hashCode(tensors.keySet().toArray()));
    }

    @Override
    public void close() {}
  }
}
