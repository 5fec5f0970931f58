package dev.demur.model.arch.family;

import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.ExpertChoice.Weights;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;

/// Mixtral: a Mistral with experts for MLPs.
///
/// Source: Jiang et al. 2024 (arXiv 2401.04088).
class MixtralFamily extends MistralFamily {

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "block_sparse_moe.";
    long d = plan.config().dModel();
    int width = plan.config().dMlp();
    int count = plan.json().require("num_local_experts");
    var experts = new ArrayList<Mlp>();
    for (int expert = 0; expert < count; expert++) {
      String name = prefix + "experts." + expert + ".";
      experts.add(
          new Mlp.Gated(
              plan.weights().linear(name + "w1", width, d, Bias.NONE),
              plan.weights().linear(name + "w3", width, d, Bias.NONE),
              plan.weights().linear(name + "w2", d, width, Bias.NONE),
              activation(plan)));
    }
    return new MixtureOfExperts(
        plan.weights().router(prefix + "gate", count, d),
        choice(plan, prefix, count),
        experts,
        Optional.empty());
  }

  /// How tokens choose among `experts` experts whose names begin with `prefix`.
  ExpertChoice choice(Blueprint plan, String prefix, int experts) throws IOException {
    return ExpertChoice.of(plan.json().require("num_experts_per_tok"), Weights.OF_CHOSEN);
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames().withMlp("block_sparse_moe\\.experts\\.\\d+\\.w2");
  }
}
