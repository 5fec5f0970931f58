package dev.demur.model.arch.family;

import dev.demur.model.arch.Scoring;
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
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return super.scoring(plan, layer)
        .withWindow(Windows.of(json, layer, _ -> json.has("sliding_window")));
  }
}
