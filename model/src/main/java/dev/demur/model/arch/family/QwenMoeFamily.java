package dev.demur.model.arch.family;

import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.ExpertChoice.Weights;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.MixtureOfExperts.Shared;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;

/// Qwen2-MoE (Qwen1.5-MoE, Qwen2-57B-A14B) and Qwen3-MoE: experts in the layers the configuration
/// names. The former has a shared expert behind a gate, the latter norms on queries and keys.
///
/// Sources: Qwen Team 2024 (arXiv 2407.10671), Qwen Team 2025 (arXiv 2505.09388).
final class QwenMoeFamily extends LlamaFamily {

  /// What a generation adds.
  enum Generation {
    /// A shared expert.
    QWEN2,
    /// Norms on queries and keys.
    QWEN3
  }

  /// The matrices with which MLPs, experts and shared experts write.
  static final String OUTPUTS = "mlp\\.((experts\\.\\d+|shared_expert)\\.)?down_proj";

  /// The same of experts in one tensor.
  static final String FUSED = "mlp\\.experts\\.down_proj";

  private final Generation generation;

  QwenMoeFamily(Generation generation) {
    this.generation = generation;
  }

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.only("scoring_func", "softmax");
    json.only("n_group", 1);
  }

  @Override
  Bias inputBias(ConfigReader json) throws UnsupportedModelException {
    return switch (generation) {
      case QWEN2 -> json.bias("qkv_bias");
      case QWEN3 -> super.inputBias(json);
    };
  }

  @Override
  Bias outputBias(ConfigReader json) throws UnsupportedModelException {
    return switch (generation) {
      case QWEN2 -> Bias.NONE;
      case QWEN3 -> super.outputBias(json);
    };
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return switch (generation) {
      case QWEN2 -> new QueryKeyNorm.None();
      case QWEN3 -> Qwen3Family.eachHead(this, plan, layer);
    };
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    return hasExperts(plan.json(), layer) ? experts(plan, layer) : super.mlp(plan, layer);
  }

  static boolean hasExperts(ConfigReader json, int layer) throws UnsupportedModelException {
    return !json.numbers("mlp_only_layers").contains((double) layer)
        && (layer + 1) % json.require("decoder_sparse_step") == 0;
  }

  private Mlp experts(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mlp.";
    var weights = plan.json().requireFlag("norm_topk_prob") ? Weights.OF_CHOSEN : Weights.OF_ALL;
    return switch (generation) {
      case QWEN2 -> experts(this, plan, prefix, weights, Optional.of(shared(this, plan, prefix)));
      case QWEN3 -> experts(this, plan, prefix, weights, Optional.empty());
    };
  }

  /// Experts whose names begin with `prefix`.
  static Mlp experts(
      LlamaFamily family, Blueprint plan, String prefix, Weights weights, Optional<Shared> shared)
      throws IOException {
    var json = plan.json();
    int count = json.require("num_experts");
    int width = json.require("moe_intermediate_size");
    return new MixtureOfExperts(
        plan.weights().router(prefix + "gate", count, plan.config().dModel()),
        ExpertChoice.of(json.require("num_experts_per_tok"), weights),
        family.experts(plan, prefix, count, width),
        shared);
  }

  /// An expert every token uses, behind a gate.
  static Shared shared(LlamaFamily family, Blueprint plan, String prefix) throws IOException {
    return new Shared(
        family.gated(
            plan,
            prefix + "shared_expert.",
            plan.json().require("shared_expert_intermediate_size")),
        Optional.of(
            plan.weights().router(prefix + "shared_expert_gate", 1, plan.config().dModel())));
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames().withMlp(OUTPUTS).withFusedExperts(FUSED);
  }
}
