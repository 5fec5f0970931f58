package dev.demur.model.arch.family;

import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;

/// GLM-4.5 and 4.6: a Llama of which a part of each head rotates, with experts as DeepSeek-V3 has
/// them; the large model has norms on queries and keys.
///
/// Source: GLM Team 2025 (arXiv 2508.06471) and `Glm4MoeConfig` of transformers.
final class Glm4MoeFamily extends SharedExpertFamily {

  @Override
  void refusePartialRotation(ConfigReader json) {}

  @Override
  int rotary(Blueprint plan) throws UnsupportedModelException {
    return partOfHead(plan, plan.json().requireNumber("partial_rotary_factor"));
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return plan.json().requireFlag("use_qk_norm")
        ? Qwen3Family.eachHead(this, plan, layer)
        : new QueryKeyNorm.None();
  }

  @Override
  Bias outputBias(ConfigReader json) {
    return Bias.NONE;
  }

  @Override
  ExpertChoice choice(Blueprint plan, String router, int experts) throws IOException {
    return ofSigmoids(plan, router, experts);
  }
}
