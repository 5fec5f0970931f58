package dev.demur.model.format.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.Weights;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A GGUF file, made by `tools/golden/gguf_families.py`, and the folder it came from say the same.
class GgufFamiliesTest {

  /// Gemma's norms have one added and taken away again in float32; weights are about 1.
  private static final float TOLERANCE = 1e-6f;

  /// What a GGUF file does not say and nothing here needs.
  private static final Set<String> NOT_IN_GGUF =
      Set.of(
          "activation_function",
          "attn_dropout_prob",
          "attn_pdrop",
          "bf16",
          "bos_token_id",
          "decoder_sparse_step",
          "emb_dropout_prob",
          "embd_pdrop",
          "eos_token_id",
          "experts_per_token",
          "fp16",
          "fp32",
          "hidden_act",
          "initializer_range",
          "kv_channels",
          "layer_types",
          "max_window_layers",
          "mlp_bias",
          "mlp_only_layers",
          "n_ctx",
          "no_bias",
          "norm_topk_prob",
          "pad_token_id",
          "query_pre_attn_scalar",
          "resid_pdrop",
          "rope_local_base_freq",
          "rope_scaling",
          "router_aux_loss_coef",
          "scale_attn_weights",
          "sliding_window_pattern",
          "tokenizer_class",
          "torch_dtype",
          "use_cache",
          "use_flash_attn",
          "use_sliding_window");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gemma-mqa",
        "gemma2",
        "gemma3",
        "gpt-oss",
        "gpt2",
        "granite-tied",
        "llama-bias",
        "mixtral",
        "neox-parallel",
        "olmo2-gqa",
        "olmoe",
        "phi3-longrope-long",
        "qwen1",
        "qwen2-moe",
        "qwen3-tied",
        "qwen3-moe",
        "seed-oss",
        "smollm3",
        "stablelm-qk-sequential"
      })
  void saysTheSameAsTheFolderItCameFrom(String name) throws Exception {
    try (var folder = HuggingFaceFolder.open(resource("checkpoints/" + name));
        var gguf = GgufFile.open(resource("gguf-families/" + name + ".gguf"))) {
      sameWeights(folder.weights(), gguf.weights());
      sameConfig(folder, gguf);
    }
  }

  private static void sameWeights(Weights folder, Weights gguf) throws IOException {
    var names = new TreeSet<>(gguf.names());
    names.removeIf(name -> name.startsWith("rope_factors"));
    assertThat(names).containsExactlyElementsOf(new TreeSet<>(folder.names()));
    for (String name : names) {
      try (var _ = Scope.open()) {
        var expected = folder.load(name, DType.F32);
        var found = gguf.load(name, DType.F32);
        assertThat(gguf.info(name).shape()).as(name).isEqualTo(expected.shape());
        assertThat(found.shape()).as(name).isEqualTo(expected.shape());
        assertThat(found.toFloats())
            .as(name)
            .containsExactly(expected.toFloats(), within(TOLERANCE));
      }
    }
  }

  private static void sameConfig(ModelFiles folder, ModelFiles gguf) {
    var softly = new SoftAssertions();
    for (var expected : folder.config().properties()) {
      if (NOT_IN_GGUF.contains(expected.getKey()) || expected.getValue().isNull()) {
        continue;
      }
      var found = gguf.config().path(expected.getKey());
      if (expected.getValue().isNumber()) {
        softly
            .assertThat(found.asDouble(Double.NaN))
            .as(expected.getKey())
            .isEqualTo(expected.getValue().asDouble());
      } else {
        softly
            .assertThat(found.toString())
            .as(expected.getKey())
            .isEqualTo(expected.getValue().toString());
      }
    }
    softly.assertAll();
  }

  private static Path resource(String name) throws URISyntaxException {
    var url = GgufFamiliesTest.class.getResource("/golden/" + name);
    return Path.of(Objects.requireNonNull(url, name).toURI());
  }
}
