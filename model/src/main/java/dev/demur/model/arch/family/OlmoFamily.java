package dev.demur.model.arch.family;

import dev.demur.model.arch.Norm;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;

/// OLMo (the first): a Llama whose LayerNorms have neither scale nor bias.
///
/// Source: Groeneveld et al. 2024 (arXiv 2402.00838) and `OlmoLayerNorm` of transformers, which
/// fixes ε.
final class OlmoFamily extends LlamaFamily {

  private static final double EPSILON = 1e-5;

  @Override
  Norm norm(Blueprint plan, String name, long d) {
    return plan.weights().layerOfOnes(name, d, EPSILON);
  }

  @Override
  Bias mlpBias(ConfigReader json) throws UnsupportedModelException {
    return Bias.NONE;
  }
}
