package dev.demur.model.arch.family;

import dev.demur.model.arch.Rope;
import dev.demur.model.arch.Scoring;
import dev.demur.model.format.UnsupportedModelException;

/// OLMo-3: an OLMo-2 with a sliding window in three of four layers. A scaling of the frequencies
/// holds only in the layers without one.
///
/// Source: OLMo Team 2025 (arXiv 2512.13961) and `Olmo3Config` of transformers.
final class Olmo3Family extends Olmo2Family {

  /// Every fourth layer sees everything.
  private static final int PATTERN = 4;

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.object("rope_parameters").object(Windows.SLIDING).only("rope_type", "default");
  }

  @Override
  void refuseLayerwiseRope(ConfigReader json) {}

  @Override
  void refuseWindows(ConfigReader json) {}

  private static boolean slides(Blueprint plan, int layer) throws UnsupportedModelException {
    return Windows.slides(plan.json(), layer, Olmo3Family::usually);
  }

  private static boolean usually(int layer) {
    return (layer + 1) % PATTERN != 0;
  }

  /// transformers gives a base beside `rope_scaling` to the layers without a window only.
  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return slides(plan, layer)
        ? RopeReader.unscaled(json, json.requireNumber("rope_local_base_freq"), rotary(plan))
        : super.rope(plan, layer);
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    return super.scoring(plan, layer)
        .withWindow(Windows.of(plan.json(), layer, Olmo3Family::usually));
  }
}
