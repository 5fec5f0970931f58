package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/// EXAONE-MoE (K-EXAONE): EXAONE 4's attention behind ordinary norms, and experts as DeepSeek-V3
/// has them in the layers named.
///
/// Source: `ExaoneMoeConfig` and `modeling_exaone_moe.py` of transformers.
final class ExaoneMoeFamily extends LlamaFamily {

  private static final String SPARSE = "sparse";

  @Override
  void refuseWindows(ConfigReader json) throws UnsupportedModelException {
    json.require("sliding_window");
  }

  @Override
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    return Exaone4Family.slides(plan, layer)
        ? super.position(plan, layer)
        : Attention.Position.none();
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    boolean slides = Exaone4Family.slides(plan, layer);
    return super.scoring(plan, layer).withWindow(Windows.of(plan.json(), layer, _ -> slides));
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return Qwen3Family.eachHead(this, plan, layer);
  }

  @Override
  Bias inputBias(ConfigReader json) {
    return Bias.NONE;
  }

  @Override
  Bias outputBias(ConfigReader json) {
    return Bias.NONE;
  }

  @Override
  Bias mlpBias(ConfigReader json) {
    return Bias.NONE;
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    var json = plan.json();
    if (!hasExperts(json, layer)) {
      return super.mlp(plan, layer);
    }
    String prefix = plan.layer(layer) + "mlp.";
    int count = json.require("num_experts");
    int width = json.require("moe_intermediate_size");
    int shared = Math.multiplyExact(width, json.require("num_shared_experts"));
    String bias = "e_score_correction_bias";
    var choice =
        SharedExpertFamily.ofSigmoids(
            plan, plan.weights().has(prefix + bias) ? prefix : prefix + "gate.", count);
    return new MixtureOfExperts(
        plan.weights().router(prefix + "gate", count, plan.config().dModel()),
        choice,
        experts(plan, prefix, count, width),
        Optional.of(
            MixtureOfExperts.Shared.plain(gated(plan, prefix + "shared_experts.", shared))));
  }

  private static boolean hasExperts(ConfigReader json, int layer) throws UnsupportedModelException {
    var types = json.strings("mlp_layer_types");
    if (types.isEmpty()) {
      return layer >= json.countOrElse("first_k_dense_replace", 0);
    }
    if (layer >= types.size()) {
      throw json.unsupported("\"mlp_layer_types\" has no entry for layer " + layer + ".");
    }
    return types.get(layer).equals(SPARSE);
  }

  /// What predicts further tokens is left aside.
  @Override
  Pattern unneeded() {
    return Pattern.compile(super.unneeded().pattern() + "|mtp\\..*");
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames().withMlp("mlp\\.((experts\\.\\d+|shared_experts)\\.)?down_proj");
  }
}
