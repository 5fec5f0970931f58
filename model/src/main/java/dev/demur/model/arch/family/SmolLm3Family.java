package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Scoring;
import dev.demur.model.format.UnsupportedModelException;

/// SmolLM3: a Llama in which some layers, every fourth when nothing else is said, do not know where
/// a token stands (NoPE). Those can have a sliding window.
///
/// Source: Hugging Face's model card (huggingface.co/HuggingFaceTB/SmolLM3-3B) and `SmolLM3Config`
/// of transformers; Yang et al. 2025 (arXiv 2501.18795) for layers without positions.
final class SmolLm3Family extends LlamaFamily {

  @Override
  void refuseWindows(ConfigReader json) throws UnsupportedModelException {
    json.only("use_sliding_window", true, false);
  }

  @Override
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    return rotates(plan, layer) ? super.position(plan, layer) : Attention.Position.none();
  }

  /// `no_rope_layers` says 1 where a layer rotates.
  private static boolean rotates(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    if (!json.has("no_rope_layers")) {
      return (layer + 1) % json.require("no_rope_layer_interval") != 0;
    }
    var listed = json.numbers("no_rope_layers");
    if (listed.size() < plan.config().nLayers()) {
      throw json.unsupported(
          "\"no_rope_layers\" has "
              + listed.size()
              + " entries, expected one for each of "
              + plan.config().nLayers()
              + " layers.");
    }
    return listed.get(layer) != 0;
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    boolean bounded = json.requireFlag("use_sliding_window") && json.has("sliding_window");
    if (!bounded && Windows.slides(json, layer, _ -> false)) {
      throw Windows.disagrees(json, layer, "use_sliding_window");
    }
    boolean usually = bounded && !rotates(plan, layer);
    return super.scoring(plan, layer).withWindow(Windows.of(json, layer, _ -> usually));
  }
}
