package dev.demur.model.arch.family;

import dev.demur.model.arch.Scoring;
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
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    int first = json.countOrElse("max_window_layers", 28);
    boolean bounded = json.flag("use_sliding_window");
    return super.scoring(plan, layer)
        .withWindow(Windows.of(json, layer, l -> bounded && l >= first));
  }
}
