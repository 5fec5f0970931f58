package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Scoring;
import dev.demur.model.format.UnsupportedModelException;

/// Cohere 2 (Command R7B, Command A): a Cohere without norms on queries and keys. Layers with a
/// sliding window know where a token stands; the others, every fourth when nothing else is said, do
/// not.
///
/// Source: Cohere 2025 (arXiv 2504.00698) and `Cohere2Config` of transformers.
final class Cohere2Family extends CohereFamily {

  @Override
  void refuseWindows(ConfigReader json) {}

  @Override
  Object[] positionKinds() {
    return new Object[] {"rope_gptj"};
  }

  private static boolean slides(Blueprint plan, int layer) throws UnsupportedModelException {
    int pattern = plan.json().require("sliding_window_pattern");
    return Windows.slides(plan.json(), layer, l -> (l + 1) % pattern != 0);
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) {
    return new QueryKeyNorm.None();
  }

  @Override
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    return slides(plan, layer) ? super.position(plan, layer) : Attention.Position.none();
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    boolean slides = slides(plan, layer);
    return super.scoring(plan, layer).withWindow(Windows.of(plan.json(), layer, _ -> slides));
  }
}
