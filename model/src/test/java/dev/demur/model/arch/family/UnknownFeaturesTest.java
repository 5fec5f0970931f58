package dev.demur.model.arch.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.kit.WithConfig;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a configuration asks for and nobody computes here is refused, never ignored.
@Scoped
class UnknownFeaturesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          llama-mha-untied | {"rope_scaling": {"rope_type": "axial"}}         | RoPE scaling "axial"
          llama-mha-untied | {"rope_scaling": {"rope_type": "linear"}}        | no "factor"
          llama-mha-untied | {"rope_scaling": {"rope_type": "default", "mrope_section": [1, 1]}} | mrope_section
          llama-mha-untied | {"partial_rotary_factor": 0.5}                   | partial_rotary_factor
          llama-mha-untied | {"attn_logit_softcapping": 50.0}                 | attn_logit_softcapping
          llama-mha-untied | {"residual_multiplier": 0.2}                     | residual_multiplier
          llama-mha-untied | {"layer_types": ["sliding_attention"]}           | sliding_attention
          llama-mha-untied | {"hidden_act": "xielu"}                          | activation "xielu"
          llama-mha-untied | {"quantization_config": {"quant_method": "hqq"}}  | quant_method
          llama-mha-untied | {"clip_qkv": 8.0}                                | clip_qkv
          llama-mha-untied | {"sliding_window": 4}                            | sliding_window
          llama-mha-untied | {"num_key_value_heads": 3}                       | multiple of n_kv_heads
          mistral-window   | {"layer_types": ["chunked_attention"]}           | chunked_attention
          mixtral          | {"num_experts_per_tok": 9}                       | 9 experts per token of 4
          qwen2-moe        | {"use_sliding_window": true}                     | use_sliding_window
          qwen3-moe        | {"scoring_func": "sigmoid"}                      | scoring_func
          gemma-mqa        | {"use_bidirectional_attention": true}            | use_bidirectional_attention
          gemma3           | {"layer_types": ["sliding_attention"]}           | no entry for layer 1
          phi3-fused       | {"partial_rotary_factor": 0.9}                   | rotary must be even
          phi3-longrope-long | {"rope_scaling": {"type": "longrope", "short_factor": [1], "long_factor": [1]}} | expected 4
          granite-tied     | {"logits_scaling": 0}                            | logits_scaling
          gpt2             | {"add_cross_attention": true}                    | add_cross_attention
          gpt-oss          | {"rope_scaling": {"rope_type": "yarn"}}          | no "factor"
          llama-rope-llama3-v4 | {"rope_scaling": {"rope_type": "llama3", "factor": 8}} | no "low_freq_factor"
          mistral-window   | {"layer_types": ["full_attention", "sliding_attention", "full_attention"]} | disagree about layer 0
          qwen2-window     | {"use_sliding_window": false, "layer_types": ["sliding_attention", "full_attention", "full_attention"]} | disagree about layer 0
          llama-bias       | {"attention_bias": false}                        | no place in this model family
          llama-mha-untied | {"rms_norm_eps": -1e-6}                          | rms_norm_eps
          llama-mha-untied | {"num_attention_heads": 268435460, "num_key_value_heads": 268435460, "head_dim": 16} | n_heads × d_head must be below 2^31
          neox-parallel    | {"num_attention_heads": 3}                       | among 3 heads
          gpt2             | {"n_head": 3}                                    | among 3 heads
          gpt2             | {"n_embd": 1073741824}                           | "n_embd" is 1073741824
          qwen3.5          | {"attn_output_gate": false}                      | attn_output_gate
          qwen3.5          | {"linear_num_value_heads": 3}                    | multiple of key heads, were 3 and 2
          qwen3-next-mixed | {"layer_types": ["full_attention", "sliding_attention"]} | known are full_attention and linear_attention
          lfm2-moe         | {"layer_types": null}                            | no entry for layer 0
          granite-hybrid   | {"position_embedding_type": "alibi"}             | position_embedding_type
          granite-hybrid   | {"mamba_d_head": 5}                              | 4 Mamba heads of width 5 do not make up 32 values
          falcon-h1        | {"time_step_limit": [0.0, 0.1]}                  | time_step_limit
          falcon-h1        | {"ssm_multipliers": [1.0]}                       | has 1 numbers, expected 5
          qwen1            | {"rotary_pct": 0.5}                              | rotary_pct
          """)
  void isRefusedInOneSentence(String checkpoint, String changes, String named) throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named(checkpoint))) {
      var config = (ObjectNode) files.config().deepCopy();
      config.setAll((ObjectNode) new JsonMapper().readTree(changes));
      assertThatThrownBy(() -> Family.load(new WithConfig(files, config), DType.F32))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining(named)
          .hasMessageNotContaining("\n");
    }
  }

  /// As transformers writes it.
  @Test
  void stepsWithoutABoundAreTaken() throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named("falcon-h1"))) {
      var config = (ObjectNode) files.config().deepCopy();
      config.putArray("time_step_limit").add(0.0).add(Double.POSITIVE_INFINITY);
      assertThat(Family.load(new WithConfig(files, config), DType.F32).blocks()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"qwen3-tied, llama, q_norm", "gemma2, gemma, pre_feedforward_layernorm"})
  void aTensorWithoutAPlaceIsRefused(String checkpoint, String family, String named)
      throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named(checkpoint))) {
      var config = (ObjectNode) files.config().deepCopy();
      config.put("model_type", family);
      config.remove("attn_logit_softcapping");
      config.remove("final_logit_softcapping");
      config.remove("query_pre_attn_scalar");
      config.remove("sliding_window");
      assertThatThrownBy(() -> Family.load(new WithConfig(files, config), DType.F32))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("has no place in this model family");
    }
  }
}
