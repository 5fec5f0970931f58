package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.Unembedding;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/// Cohere 1 (Command R, R+, Aya 23 and Expanse): parallel blocks with one LayerNorm without bias,
/// neighbours that rotate in pairs, and a factor on the logits. Where the configuration says so, a
/// LayerNorm on queries and keys with a scale of each head's own.
///
/// Source: `CohereConfig` and `modeling_cohere.py` of transformers.
class CohereFamily extends LlamaFamily {

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
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    if (!plan.json().flag("use_qk_norm")) {
      return new QueryKeyNorm.None();
    }
    String prefix = plan.layer(layer) + "self_attn.";
    return new QueryKeyNorm.EachHead(
        byHead(plan, prefix + "q_norm", plan.config().nHeads()),
        byHead(plan, prefix + "k_norm", plan.config().nKvHeads()));
  }

  private static Norm byHead(Blueprint plan, String name, int heads) throws IOException {
    double eps = plan.json().requireEpsilon("layer_norm_eps");
    int width = plan.config().dHead();
    return new Norm.LayerByHead(plan.weights().floats(name + ".weight", heads, width), eps);
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    return super.rope(plan, layer).ofNeighbours();
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
