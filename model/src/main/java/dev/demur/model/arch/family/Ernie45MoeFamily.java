package dev.demur.model.arch.family;

import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.ExpertChoice.Weights;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.MixtureOfExperts.Shared;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/// ERNIE 4.5 with experts: a softmax rates them, a stored bias counts in the choice alone, and the
/// weights of the chosen ones sum to 1; shared ones beside them. The last block predicts one token;
/// what predicts further ones is not run.
///
/// Source: Baidu 2025, ERNIE 4.5 Technical Report (ernie.baidu.com/blog/posts/ernie4.5) and
/// `Ernie4_5_MoeConfig` of transformers.
final class Ernie45MoeFamily extends Ernie45Family {

  /// Below every sum of weights that float32 makes of experts worth choosing.
  private static final double LEAST_SUM = 1e-6;

  private static final String END = "moe_layer_end_index";

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.only("use_bias", false);
    if (json.requireNumber("moe_norm_min") > LEAST_SUM) {
      throw json.unsupported(
          "\"moe_norm_min\" is "
              + json.json().get("moe_norm_min")
              + ", expected at most "
              + LEAST_SUM
              + "; this version lets the weights of experts sum to 1.");
    }
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    if (!hasExperts(plan, layer)) {
      return super.mlp(plan, layer);
    }
    var json = plan.json();
    String prefix = plan.layer(layer) + "mlp.";
    int count = json.require("moe_num_experts");
    int width = json.require("moe_intermediate_size");
    int shared = Math.multiplyExact(width, json.countOrElse("moe_num_shared_experts", 0));
    var favour = plan.weights().onlyRow(prefix + "moe_statics.e_score_correction_bias", count);
    return new MixtureOfExperts(
        plan.weights().router(prefix + "gate", count, plan.config().dModel()),
        ExpertChoice.of(json.require("moe_k"), Weights.OF_CHOSEN).favouring(favour),
        experts(plan, prefix, count, width),
        shared == 0
            ? Optional.empty()
            : Optional.of(Shared.plain(gated(plan, prefix + "shared_experts.", shared))));
  }

  private static boolean hasExperts(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    double end = json.requireNumber(END);
    double last = end == -1 ? plan.config().nLayers() - 1 : end;
    return (layer + 1) % json.require("moe_layer_interval") == 0
        && layer >= json.requireNumber("moe_layer_start_index")
        && layer <= last;
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames().withMlp("mlp\\.((experts\\.\\d+|shared_experts)\\.)?down_proj");
  }

  @Override
  Pattern unneeded() {
    return Pattern.compile(super.unneeded() + "|model\\.mtp_.*");
  }
}
