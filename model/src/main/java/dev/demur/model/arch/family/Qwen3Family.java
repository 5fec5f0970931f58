package dev.demur.model.arch.family;

import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;

/// Qwen3: a Qwen2 with RMS norms on the query and key of each head.
///
/// Source: Qwen Team 2025 (arXiv 2505.09388).
final class Qwen3Family extends Qwen2Family {

  @Override
  Bias inputBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias("attention_bias");
  }

  @Override
  Bias outputBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias("attention_bias");
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return eachHead(this, plan, layer);
  }

  /// Norms `q_norm` and `k_norm`, `[d_head]`, of a family that names them so.
  static QueryKeyNorm eachHead(LlamaFamily family, Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "self_attn.";
    return new QueryKeyNorm.EachHead(
        family.norm(plan, prefix + "q_norm", plan.config().dHead()),
        family.norm(plan, prefix + "k_norm", plan.config().dHead()));
  }
}
