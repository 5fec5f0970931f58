package dev.demur.model.arch.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.kit.WithConfig;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Keys that transformers knows under two names, and one that it reads and does not use.
@Scoped
class OtherNamesTest {

  private static final String CAP = "attn_logit_softcapping";

  /// Finding B1: a Qwen3-MoE written by transformers 5.24 was refused. Without its key each of
  /// these would have its family's default size, which fits no tiny file.
  @ParameterizedTest
  @CsvSource({
    "qwen3-moe, num_experts, num_local_experts",
    "mixtral, num_local_experts, num_experts",
    "gpt-oss, num_local_experts, num_experts",
    "gpt2, n_embd, hidden_size",
    "gpt2, n_layer, num_hidden_layers",
    "gpt2, n_head, num_attention_heads",
    "gpt2, n_positions, max_position_embeddings"
  })
  void aKeyMeansTheSameUnderItsOtherName(String checkpoint, String usual, String other)
      throws IOException {
    assertThat(
            logits(
                checkpoint,
                config -> config.set(other, Objects.requireNonNull(config.remove(usual)))))
        .containsExactly(logits(checkpoint, _ -> {}));
  }

  /// Finding B2: it was applied.
  @Test
  void gemma3IgnoresACapOfAttentionScores() throws IOException {
    assertThat(logits("gemma3", config -> config.put(CAP, 0.01)))
        .containsExactly(logits("gemma3", _ -> {}));
    assertThat(logits("gemma2", config -> config.put(CAP, 0.01)))
        .as("where it counts, a cap this low shows")
        .isNotEqualTo(logits("gemma2", _ -> {}));
  }

  private static float[] logits(String checkpoint, Consumer<ObjectNode> change) throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named(checkpoint))) {
      var config = (ObjectNode) files.config().deepCopy();
      change.accept(config);
      var model = Family.load(new WithConfig(files, config), DType.F32);
      return new Forward(model, 64)
          .lastLogits(List.of(TokenIds.of(1, 7, 3, 9)), HookPlan.none())
          .toFloats();
    }
  }
}
