package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;

/// EXAONE 4: an OLMo-2 with norms on queries and keys head by head. The large model has a sliding
/// window in three of four layers, and only those know where a token stands.
///
/// Source: LG AI Research 2025 (arXiv 2507.11407) and `Exaone4Config` of transformers.
final class Exaone4Family extends Olmo2Family {

  private static final String WINDOW = "sliding_window";

  /// Without windows the class has no rule for the kinds of layers.
  @Override
  void refuseWindows(ConfigReader json) throws UnsupportedModelException {
    if (!json.has(WINDOW) && json.strings("layer_types").isEmpty()) {
      throw json.unsupported(
          "there is neither \"layer_types\" nor \"sliding_window\", expected one of them.");
    }
  }

  static boolean slides(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    if (!json.strings("layer_types").isEmpty()) { // a pattern in letters stands beside it
      return Windows.slides(json, layer, _ -> false);
    }
    return (layer + 1) % json.require("sliding_window_pattern") != 0;
  }

  @Override
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    return !plan.json().has(WINDOW) || slides(plan, layer)
        ? super.position(plan, layer)
        : Attention.Position.none();
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    boolean slides = slides(plan, layer);
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
}
