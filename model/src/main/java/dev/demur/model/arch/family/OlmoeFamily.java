package dev.demur.model.arch.family;

import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.ExpertChoice.Weights;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import java.io.IOException;
import java.util.Optional;

/// OLMoE: a Llama with experts for MLPs and norms on queries and keys over all heads together.
///
/// Source: Muennighoff et al. 2024 (arXiv 2409.02060).
final class OlmoeFamily extends LlamaFamily {

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return Olmo2Family.allHeads(this, plan, layer);
  }

  @Override
  Bias mlpBias(ConfigReader json) {
    return Bias.NONE;
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mlp.";
    var json = plan.json();
    int count = json.require("num_experts");
    var weights = json.requireFlag("norm_topk_prob") ? Weights.OF_CHOSEN : Weights.OF_ALL;
    return new MixtureOfExperts(
        plan.weights().router(prefix + "gate", count, plan.config().dModel()),
        ExpertChoice.of(json.require("num_experts_per_tok"), weights),
        experts(plan, prefix, count, plan.config().dMlp()),
        Optional.empty());
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames().withMlp("mlp\\.experts\\.\\d+\\.down_proj");
  }
}
