package dev.demur.model.arch.family;

import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.Placement;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;

/// What DeepSeek's models and GLM-4.5 have in common: dense MLPs in the first layers, many small
/// experts and a shared one in the others. Blocks behind the last, which predict further tokens
/// while writing, are not run.
///
/// Source: Dai et al. 2024 (arXiv 2401.06066).
abstract class SharedExpertFamily extends LlamaFamily {

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.only("moe_layer_freq", 1);
  }

  /// How tokens choose among `experts` experts.
  ///
  /// @param router what the names of the router's tensors begin with
  abstract ExpertChoice choice(Blueprint plan, String router, int experts) throws IOException;

  @Override
  Bias mlpBias(ConfigReader json) throws UnsupportedModelException {
    return Bias.NONE;
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    var json = plan.json();
    if (layer < json.countOrElse("first_k_dense_replace", 0)) {
      return super.mlp(plan, layer);
    }
    String prefix = plan.layer(layer) + "mlp.";
    int count = json.require("n_routed_experts");
    int width = json.require("moe_intermediate_size");
    int shared = Math.multiplyExact(width, json.require("n_shared_experts"));
    return new MixtureOfExperts(
        plan.weights().router(prefix + "gate", count, plan.config().dModel()),
        choice(plan, prefix + "gate.", count),
        experts(plan, prefix, count, width),
        Optional.of(
            MixtureOfExperts.Shared.plain(gated(plan, prefix + "shared_experts.", shared))));
  }

  @Override
  boolean isUnneeded(String name, Blueprint plan) throws UnsupportedModelException {
    int behind = Placement.block(name).orElse(0) - plan.config().nLayers();
    return super.isUnneeded(name, plan)
        || (behind >= 0 && behind < plan.json().countOrElse("num_nextn_predict_layers", 1));
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames().withMlp("mlp\\.((experts\\.\\d+|shared_experts)\\.)?down_proj");
  }

  /// A sigmoid rates each expert, a stored bias counts in the choice alone, and a group is rated by
  /// its two best experts (DeepSeek-V3, arXiv 2412.19437, section 2.1.2).
  static ExpertChoice ofSigmoids(Blueprint plan, String router, int experts) throws IOException {
    var json = plan.json();
    var weights =
        json.flag("norm_topk_prob")
            ? ExpertChoice.Weights.SIGMOIDS_OF_CHOSEN
            : ExpertChoice.Weights.SIGMOIDS;
    int groups = json.require("n_group");
    return ExpertChoice.of(json.require("num_experts_per_tok"), weights)
        .within(new ExpertChoice.Groups(groups, json.require("topk_group"), 2))
        .favouring(plan.weights().vector(router + "e_score_correction_bias", experts))
        .scaled(json.requireNumber("routed_scaling_factor"));
  }
}
