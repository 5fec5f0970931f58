package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.List;

/// GLM-4 of April 2025 (GLM-4-0414, GLM-Z1): a Llama with norms before and after attention and MLP,
/// gate and up matrices in one tensor, and biases on queries, keys and values. Only a part of each
/// head rotates, neighbours in pairs.
///
/// Source: GLM Team 2024 (arXiv 2406.12793) and `Glm4Config` of transformers.
final class Glm4Family extends LlamaFamily {

  @Override
  void refusePartialRotation(ConfigReader json) {}

  @Override
  int rotary(Blueprint plan) throws UnsupportedModelException {
    return partOfHead(plan, plan.json().requireNumber("partial_rotary_factor"));
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    return super.rope(plan, layer).ofNeighbours();
  }

  @Override
  Bias outputBias(ConfigReader json) {
    return Bias.NONE;
  }

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
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    return fused(this, plan, layer);
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withNorms("post_self_attn_layernorm.weight", "post_mlp_layernorm.weight", 0);
  }
}
