package dev.demur.model.arch.family;

import dev.demur.model.arch.Rope;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;

/// ERNIE 4.5 without experts: a Llama that rotates neighbours in pairs, with one flag for the
/// biases of all matrices.
///
/// Source: Baidu 2025, ERNIE 4.5 Technical Report (ernie.baidu.com/blog/posts/ernie4.5) and
/// `Ernie4_5Config` of transformers.
class Ernie45Family extends LlamaFamily {

  private static final String BIAS = "use_bias";

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    return super.rope(plan, layer).ofNeighbours();
  }

  @Override
  Bias inputBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias(BIAS);
  }

  @Override
  Bias outputBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias(BIAS);
  }

  @Override
  Bias mlpBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias(BIAS);
  }
}
