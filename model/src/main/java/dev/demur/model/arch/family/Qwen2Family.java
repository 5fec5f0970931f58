package dev.demur.model.arch.family;

import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;

/// Qwen 1.5, 2 and 2.5: a Llama with biases on queries, keys and values, whose upper layers can
/// have a sliding window.
///
/// Source: Qwen Team 2024 (arXiv 2407.10671).
class Qwen2Family extends LlamaFamily {

  @Override
  void refuseWindows(ConfigReader json) throws UnsupportedModelException {
    json.only("use_sliding_window", true, false);
  }

  @Override
  Bias inputBias(ConfigReader json) throws UnsupportedModelException {
    return Bias.WHERE_STORED;
  }

  @Override
  Bias outputBias(ConfigReader json) throws UnsupportedModelException {
    return Bias.NONE;
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    int first = json.countOrElse("max_window_layers", 0);
    boolean bounded = json.requireFlag("use_sliding_window") && json.has("sliding_window");
    if (!bounded && Windows.slides(json, layer, _ -> false)) {
      throw Windows.disagrees(json, layer, "use_sliding_window");
    }
    return super.scoring(plan, layer)
        .withWindow(Windows.of(json, layer, l -> bounded && l >= first));
  }
}
