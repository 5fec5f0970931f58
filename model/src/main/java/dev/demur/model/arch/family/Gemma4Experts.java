package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.DenseAndExperts;
import dev.demur.model.arch.DenseAndExperts.Side;
import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.Norm;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.Optional;

/// Reads the experts that Gemma 4's large model has beside its MLP.
///
/// @param family whose experts are read
record Gemma4Experts(Gemma4Family family, Blueprint plan) {

  /// What dense MLP, experts and router read differs in scale alone.
  static Block.Norms withRootAlone(Blueprint plan, int layer, Block.Norms norms)
      throws IOException {
    String beside = plan.layer(layer) + Gemma4Family.BEFORE_MLP + ".weight";
    double eps = plan.json().requireEpsilon("rms_norm_eps");
    return new Block.Norms(
        norms.beforeAttention(),
        norms.afterAttention(),
        plan.weights().rmsWithoutScale(beside, plan.config().dModel(), eps),
        norms.afterMlp());
  }

  Mlp read(int layer, Mlp.Dense dense) throws IOException {
    var json = plan.json();
    String prefix = plan.layer(layer);
    int count = json.require("num_experts");
    var choice =
        ExpertChoice.of(json.require("top_k_experts"), ExpertChoice.Weights.OF_CHOSEN)
            .scaledEach(plan.weights().vector(prefix + "router.per_expert_scale", count));
    var experts =
        new MixtureOfExperts(
            router(plan, prefix + "router.", count),
            choice,
            family.experts(plan, prefix, count, json.require("moe_intermediate_size")),
            Optional.empty());
    return new DenseAndExperts(
        new Side<>(read(plan, prefix, ""), dense, after(plan, prefix, "_1")),
        new Side<>(read(plan, prefix, "_2"), experts, after(plan, prefix, "_2")));
  }

  /// Reads the stream over its root mean square and √d_model, scaled.
  private static Linear router(Blueprint plan, String prefix, int count) throws IOException {
    int d = plan.config().dModel();
    var scale = plan.weights().vector(prefix + "scale", d).times(1 / Math.sqrt(d));
    var plain = plan.weights().router(prefix + "proj", count, d);
    return new Linear(plain.weight().times(scale), Optional.empty());
  }

  private static Tensor read(Blueprint plan, String prefix, String which) throws IOException {
    return plan.weights()
        .vector(prefix + Gemma4Family.BEFORE_MLP + which + ".weight", plan.config().dModel());
  }

  private static Norm.Rms after(Blueprint plan, String prefix, String which) throws IOException {
    return new Norm.Rms(
        plan.weights()
            .vector(prefix + Gemma4Family.AFTER_MLP + which + ".weight", plan.config().dModel()),
        plan.json().requireEpsilon("rms_norm_eps"));
  }
}
