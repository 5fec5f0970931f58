package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.writer.WriterNames;
import java.io.IOException;
import java.util.List;

/// GLM-4 of April 2025 (GLM-4-0414, GLM-Z1): a GLM with norms before and after attention and MLP.
///
/// Source: GLM Team 2024 (arXiv 2406.12793) and `Glm4Config` of transformers.
final class Glm4Family extends GlmFamily {

  @Override
  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    return around(
        plan,
        layer,
        List.of(
            "input_layernorm",
            "post_self_attn_layernorm",
            "post_attention_layernorm",
            "post_mlp_layernorm"));
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withNorms("post_self_attn_layernorm.weight", "post_mlp_layernorm.weight", 0);
  }
}
