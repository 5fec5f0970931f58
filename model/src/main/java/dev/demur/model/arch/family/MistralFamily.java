package dev.demur.model.arch.family;

import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;

/// Mistral: a Llama whose every layer can have a sliding window.
///
/// Source: Jiang et al. 2023 (arXiv 2310.06825).
class MistralFamily extends LlamaFamily {

  @Override
  void refuseWindows(ConfigReader json) throws UnsupportedModelException {
    json.only("use_sliding_window", true, false);
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
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    boolean bounded = json.has("sliding_window");
    if (Windows.slides(json, layer, _ -> bounded) != bounded) {
      throw Windows.disagrees(json, layer, "sliding_window");
    }
    return super.scoring(plan, layer).withWindow(Windows.of(json, layer, _ -> bounded));
  }
}
