package dev.demur.model.arch.family;

import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;

/// MiniMax-M2: a Mixtral whose experts are rated by sigmoids and chosen with a stored bias, with
/// norms on queries and keys over all heads together; a part of each head rotates.
///
/// Source: `MiniMaxM2Config` and `modeling_minimax_m2.py` of transformers.
final class MiniMaxM2Family extends MixtralFamily {

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.only("sliding_window");
    json.only("qk_norm_type", "per_layer");
    json.only("scoring_func", "sigmoid");
    json.only("shared_intermediate_size", 0);
  }

  @Override
  void refusePartialRotation(ConfigReader json) {}

  /// Published configurations say how many elements rotate.
  @Override
  int rotary(Blueprint plan) throws UnsupportedModelException {
    var json = plan.json();
    return json.has("partial_rotary_factor")
        ? partOfHead(plan, json.requireNumber("partial_rotary_factor"))
        : json.orElse("rotary_dim", plan.config().dHead());
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
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return Olmo2Family.allHeads(this, plan, layer);
  }

  @Override
  ExpertChoice choice(Blueprint plan, String prefix, int experts) throws IOException {
    return ExpertChoice.of(
            plan.json().require("num_experts_per_tok"), ExpertChoice.Weights.SIGMOIDS_OF_CHOSEN)
        .favouring(plan.weights().vector(prefix + "e_score_correction_bias", experts));
  }
}
