package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.Unembedding;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/// Cohere 2 (Command R7B, Command A): parallel blocks with one LayerNorm without bias, and a factor
/// on the logits. Layers with a sliding window rotate neighbours in pairs; the others, every fourth
/// when nothing else is said, do not know where a token stands.
///
/// Source: Cohere 2025 (arXiv 2504.00698) and `Cohere2Config` of transformers.
final class Cohere2Family extends LlamaFamily {

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
  Block block(Blueprint plan, int layer) throws IOException {
    return super.block(plan, layer).wired(Block.Wiring.PARALLEL);
  }

  @Override
  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    var shared = norm(plan, plan.layer(layer) + "input_layernorm", plan.config().dModel());
    return Block.Norms.before(shared, shared);
  }

  @Override
  Norm norm(Blueprint plan, String name, long d) throws IOException {
    double eps = plan.json().requireEpsilon("layer_norm_eps");
    return new Norm.Layer(plan.weights().vector(name + ".weight", d), Optional.empty(), eps);
  }

  @Override
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    return slides(plan, layer) ? super.position(plan, layer) : Attention.Position.none();
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    return super.rope(plan, layer).ofNeighbours();
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    boolean slides = slides(plan, layer);
    return super.scoring(plan, layer).withWindow(Windows.of(plan.json(), layer, _ -> slides));
  }

  @Override
  Bias mlpBias(ConfigReader json) {
    return Bias.NONE;
  }

  @Override
  Unembedding unembedding(Blueprint plan, Embedding embedding) throws IOException {
    double scale = plan.json().requirePositive("logit_scale");
    var matrix = super.unembedding(plan, embedding).matrix();
    return new Unembedding(matrix, scale, OptionalDouble.empty());
  }
}
