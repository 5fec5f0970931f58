package dev.demur.model.arch.family;

import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;

/// GLM-4-9B of 2024: a Llama with gate and up matrices in one tensor and biases on queries, keys
/// and values. Only a part of each head rotates, neighbours in pairs.
///
/// Source: GLM Team 2024 (arXiv 2406.12793) and `GlmConfig` of transformers.
class GlmFamily extends LlamaFamily {

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
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    return fused(this, plan, layer);
  }
}
