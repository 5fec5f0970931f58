package dev.demur.model.format.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.Relayout;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Scoped
class GgufFileTest {

  @TempDir Path folder;

  @Test
  void translatesALlamaFile() throws IOException {
    var bytes =
        llama()
            .pair("tokenizer.chat_template", "{{ x }}")
            .pair("tokenizer.ggml.eos_token_id", 2)
            .pair("tokenizer.ggml.eot_token_id", 5)
            .floats("token_embd.weight", new float[7 * 8], 7, 8)
            .floats("blk.1.ffn_down.weight", new float[8 * 16], 8, 16)
            .floats("output_norm.weight", new float[8], 8)
            .floats("odd.weight", new float[1], 1);
    try (var model = GgufFile.open(bytes.write(folder.resolve("tiny.gguf")))) {
      assertThat(model.name()).isEqualTo("tiny");
      assertThat(model.config().toString())
          .contains("\"model_type\":\"llama\"")
          .contains("\"architectures\":[\"LlamaForCausalLM\"]")
          .contains("\"num_hidden_layers\":2")
          .contains("\"hidden_size\":8")
          .contains("\"num_attention_heads\":2")
          .contains("\"num_key_value_heads\":1")
          .contains("\"head_dim\":4")
          .contains("\"rms_norm_eps\":1.0E-6")
          .contains("\"rope_theta\":10000.0")
          .contains("\"vocab_size\":7")
          .contains("\"tie_word_embeddings\":true")
          .contains("\"torch_dtype\":\"float32\"")
          .contains("\"eos_token_id\":2");
      assertThat(model.generationConfig().toString()).isEqualTo("{\"eos_token_id\":[2,5]}");
      assertThat(model.chatTemplate()).hasValue("{{ x }}");
      assertThat(model.tokenizer()).isInstanceOf(TokenizerFiles.InGguf.class);
      assertThat(model.weights().names())
          .containsExactly(
              "model.embed_tokens.weight",
              "model.layers.1.mlp.down_proj.weight",
              "model.norm.weight",
              "odd.weight");
      assertThat(model.weights().info("model.layers.1.mlp.down_proj.weight").name())
          .isEqualTo("model.layers.1.mlp.down_proj.weight");
      assertThat(model.weightsHash()).hasSize(64);
    }
  }

  /// The converter's `permute`: `reshape(heads, 2, d_head / 2, …).swapaxes(1, 2)`.
  @Test
  void putsRotaryPairsBackHalfAHeadApart() throws IOException {
    var q = Tensor.gaussian(new Random(1), 8, 8);
    var k = Tensor.gaussian(new Random(2), 4, 8);
    var bias = Tensor.gaussian(new Random(3), 8);
    var v = Tensor.gaussian(new Random(4), 4, 8);
    var bytes =
        llama()
            .floats("blk.0.attn_q.weight", permuted(q, 2), 8, 8)
            .floats("blk.0.attn_k.weight", permuted(k, 1), 4, 8)
            .floats("blk.0.attn_q.bias", permuted(bias, 2), 8)
            .floats("blk.0.attn_v.weight", v.toFloats(), 4, 8);
    try (var model = GgufFile.open(bytes.write(folder.resolve("a.gguf")))) {
      var weights = model.weights();
      String layer = "model.layers.0.self_attn.";
      assertThat(weights.load(layer + "q_proj.weight", DType.F32).toFloats())
          .containsExactly(q.toFloats());
      assertThat(weights.load(layer + "k_proj.weight", DType.F32).toFloats())
          .containsExactly(k.toFloats());
      assertThat(weights.load(layer + "q_proj.bias", DType.F32).toFloats())
          .containsExactly(bias.toFloats());
      assertThat(weights.load(layer + "v_proj.weight", DType.F32).toFloats())
          .containsExactly(v.toFloats());
      assertThat(model.config().path("attention_bias").asBoolean()).isTrue();
    }
  }

  private static float[] permuted(Tensor weight, long heads) {
    long half = weight.dim(0) / heads / 2;
    long columns = weight.elements() / weight.dim(0);
    return weight.reshape(heads, 2, half, columns).transpose(1, 2).contiguous().toFloats();
  }

  @Test
  void headsThatDoNotFitTheRowsAreNamed() throws IOException {
    refuses(llama().floats("blk.0.attn_q.weight", new float[3 * 8], 3, 8), "3 rows for 2 heads");
  }

  @Test
  void unfoldsStackedExperts() throws IOException {
    var gate = Tensor.gaussian(new Random(1), 3, 4, 8);
    var bytes =
        llama()
            .pair("llama.expert_count", 3)
            .floats("blk.0.ffn_gate_exps.weight", gate.toFloats(), 3, 4, 8);
    try (var model = GgufFile.open(bytes.write(folder.resolve("a.gguf")))) {
      assertThat(model.config().path("model_type").asString()).isEqualTo("mixtral");
      String name = "model.layers.0.block_sparse_moe.experts.2.w1.weight";
      assertThat(model.weights().info(name).shape()).containsExactly(4L, 8L);
      assertThat(model.weights().load(name, DType.F32).toFloats())
          .containsExactly(gate.row(2).contiguous().toFloats());
    }
    refuses(
        llama().pair("llama.expert_count", 3).floats("blk.0.ffn_up_exps.weight", new float[1], 1),
        "not a stack");
  }

  @Test
  void readsExpertsThatStandAlone() throws IOException {
    var bytes =
        llama()
            .pair("llama.expert_count", 2)
            .floats("blk.0.ffn_gate.0.weight", new float[] {1, 2}, 1, 2)
            .floats("blk.0.ffn_gate.1.weight", new float[] {3, 4}, 1, 2)
            .floats("blk.0.ffn_down.1.weight", new float[] {5, 6}, 2, 1);
    try (var model = GgufFile.open(bytes.write(folder.resolve("a.gguf")))) {
      String experts = "model.layers.0.block_sparse_moe.experts.";
      assertThat(model.weights().load(experts + "0.w1.weight", DType.F32).toFloats())
          .containsExactly(1, 2);
      assertThat(model.weights().load(experts + "1.w1.weight", DType.F32).toFloats())
          .containsExactly(3, 4);
      assertThat(model.weights().load(experts + "1.w2.weight", DType.F32).toFloats())
          .containsExactly(5, 6);
    }
  }

  @Test
  void takesGemmasOneFromTheNorms() throws IOException {
    var bytes =
        new GgufBytes()
            .pair("general.architecture", "gemma2")
            .floats("blk.0.post_ffw_norm.weight", new float[] {1.5f, 0}, 2)
            .floats("blk.0.ffn_up.weight", new float[] {1.5f, 0}, 1, 2);
    try (var model = GgufFile.open(bytes.write(folder.resolve("a.gguf")))) {
      var weights = model.weights();
      assertThat(
              weights
                  .load("model.layers.0.post_feedforward_layernorm.weight", DType.F32)
                  .toFloats())
          .containsExactly(0.5f, -1f);
      assertThat(weights.load("model.layers.0.mlp.up_proj.weight", DType.F32).toFloats())
          .containsExactly(1.5f, 0f);
    }
  }

  @Test
  void transposesGpt2AndRegroupsGptNeoX() throws IOException {
    var weight = Tensor.gaussian(new Random(1), 6, 4);
    var gpt2 =
        new GgufBytes()
            .pair("general.architecture", "gpt2")
            .floats("blk.0.ffn_up.weight", weight.toFloats(), 6, 4);
    try (var model = GgufFile.open(gpt2.write(folder.resolve("a.gguf")))) {
      assertThat(model.weights().info("transformer.h.0.mlp.c_fc.weight").shape())
          .containsExactly(4L, 6L);
      assertThat(model.weights().load("transformer.h.0.mlp.c_fc.weight", DType.F32).toFloats())
          .containsExactly(weight.transpose(0, 1).toFloats());
    }
    // Two heads of three rows each for query, key and value.
    var qkv = Tensor.gaussian(new Random(1), 2, 3, 3, 4);
    var neoX =
        new GgufBytes()
            .pair("general.architecture", "gptneox")
            .pair("gptneox.attention.head_count", 2)
            .floats("blk.0.attn_qkv.weight", qkv.transpose(0, 1).contiguous().toFloats(), 18, 4);
    try (var model = GgufFile.open(neoX.write(folder.resolve("b.gguf")))) {
      assertThat(
              model
                  .weights()
                  .load("gpt_neox.layers.0.attention.query_key_value.weight", DType.F32)
                  .toFloats())
          .containsExactly(qkv.toFloats());
    }
  }

  @Test
  void recognisesLlama3ScalingInItsFactors() throws IOException {
    float[] factors = llama3Factors(64, 500_000, 32);
    var bytes =
        llama().pair("llama.rope.freq_base", 500_000f).floats("rope_freqs.weight", factors, 64);
    try (var model = GgufFile.open(bytes.write(folder.resolve("a.gguf")))) {
      assertThat(model.config().path("rope_scaling").toString())
          .isEqualTo(
              "{\"rope_type\":\"llama3\",\"type\":\"llama3\",\"factor\":32.0,"
                  + "\"low_freq_factor\":1.0,\"high_freq_factor\":4.0,"
                  + "\"original_max_position_embeddings\":8192}");
    }
    factors[20] = 3;
    bytes = llama().floats("rope_freqs.weight", factors, 64);
    try (var model = GgufFile.open(bytes.write(folder.resolve("a.gguf")))) {
      var scaling = model.config().path("rope_scaling");
      assertThat(scaling.path("rope_type").asString()).isEqualTo("factors");
      assertThat(scaling.path("factors").get(20).asDouble()).isEqualTo(3);
    }
  }

  /// As llama.cpp's converter computes them.
  private static float[] llama3Factors(int count, double theta, double factor) {
    float[] factors = new float[count];
    for (int i = 0; i < count; i++) {
      double wavelength = 2 * Math.PI * Math.pow(theta, (double) i / count);
      double smooth = (8192 / wavelength - 1) / (4 - 1);
      factors[i] =
          (float)
              (wavelength < 8192.0 / 4
                  ? 1
                  : wavelength > 8192 ? factor : 1 / ((1 - smooth) / factor + smooth));
    }
    return factors;
  }

  @Test
  void readsLinearScalingAndGemmasQueryScale() throws IOException {
    var bytes =
        new GgufBytes()
            .pair("general.architecture", "gemma3")
            .pair("gemma3.attention.head_count", 4)
            .pair("gemma3.attention.key_length", 256)
            .pair("gemma3.rope.scaling.type", "linear")
            .pair("gemma3.rope.scaling.factor", 8f);
    try (var model = GgufFile.open(bytes.write(folder.resolve("a.gguf")))) {
      assertThat(model.config().path("rope_scaling").toString())
          .isEqualTo("{\"rope_type\":\"linear\",\"type\":\"linear\",\"factor\":8.0}");
      assertThat(model.config().path("query_pre_attn_scalar").asLong()).isEqualTo(256);
      assertThat(model.config().path("rope_local_base_freq").asDouble()).isCloseTo(1e4, within(0.));
    }
  }

  @Test
  void readsAllPartsOfASplitFile() throws IOException {
    Path first = folder.resolve("m-00001-of-00002.gguf");
    Path second = folder.resolve("m-00002-of-00002.gguf");
    llama()
        .pair("split.count", 2)
        .pair("split.tensors.count", 2)
        .floats("token_embd.weight", new float[16], 2, 8)
        .write(first);
    new GgufBytes()
        .pair("split.count", 2)
        .floats("output_norm.weight", new float[] {1, 2}, 2)
        .write(second);
    for (Path part : List.of(first, second)) {
      try (var model = GgufFile.open(part)) {
        assertThat(model.name()).isEqualTo("m");
        assertThat(model.weights().names())
            .containsExactly("model.embed_tokens.weight", "model.norm.weight");
        assertThat(model.weights().load("model.norm.weight", DType.F32).toFloats())
            .containsExactly(1, 2);
      }
    }
    Files.move(second, folder.resolve("elsewhere"));
    assertThatThrownBy(() -> GgufFile.open(first))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("m-00002-of-00002.gguf of 2 is missing");
    Path renamed = Files.move(first, folder.resolve("m.gguf"));
    assertThatThrownBy(() -> GgufFile.open(renamed)).hasMessageContaining("one of 2 parts");
  }

  @Test
  void anUnknownArchitectureKeepsItsNames() throws IOException {
    var bytes =
        new GgufBytes()
            .pair("general.architecture", "novel")
            .floats("token_embd.weight", new float[4], 2, 2);
    try (var model = GgufFile.open(bytes.write(folder.resolve("a.gguf")))) {
      assertThat(model.config().path("model_type").asString()).isEqualTo("novel");
      assertThat(model.weights().names()).containsExactly("token_embd.weight");
    }
    refuses(new GgufBytes(), "no general.architecture");
  }

  @Test
  void metadataOfTheWrongTypeIsNamed() throws IOException {
    refuses(
        new GgufBytes()
            .pair("general.architecture", "llama")
            .pair("llama.attention.head_count", "many"),
        "llama.attention.head_count is not one whole number");
  }

  @Test
  void readsEveryElementOnceWhateverTheHeads() {
    var ids = Tensor.ofLongs(LongStream.range(0, 24));
    for (long heads : new long[] {1, 2, 3, 6}) {
      var undone = new Relayout.RotaryPairs(heads).undo(ids);
      assertThat(LongStream.of(undone.toLongs()).distinct().count()).isEqualTo(24);
    }
  }

  private void refuses(GgufBytes bytes, String expected) throws IOException {
    Path file = bytes.write(folder.resolve("bad.gguf"));
    assertThatThrownBy(() -> GgufFile.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(expected);
  }

  private static GgufBytes llama() {
    return new GgufBytes()
        .pair("general.architecture", "llama")
        .pair("llama.block_count", 2)
        .pair("llama.embedding_length", 8)
        .pair("llama.attention.head_count", 2)
        .pair("llama.attention.head_count_kv", 1)
        .pair("llama.attention.layer_norm_rms_epsilon", 1e-6f);
  }
}
