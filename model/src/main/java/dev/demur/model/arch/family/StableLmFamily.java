package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;

/// StableLM-2: LayerNorms with bias, and only a part of each head rotates. The 12B model has
/// parallel blocks with one norm for attention and MLP, and a LayerNorm for the query and key of
/// each head.
///
/// Source: Bellagente et al. 2024 (arXiv 2402.17834).
final class StableLmFamily extends LlamaFamily {

  @Override
  void refusePartialRotation(ConfigReader json) {}

  @Override
  int rotary(Blueprint plan) throws UnsupportedModelException {
    return partOfHead(plan, plan.json().requireNumber("partial_rotary_factor"));
  }

  @Override
  Block block(Blueprint plan, int layer) throws IOException {
    var plain = super.block(plan, layer);
    return isParallel(plan) ? plain.wired(Block.Wiring.PARALLEL) : plain;
  }

  private static boolean isParallel(Blueprint plan) throws UnsupportedModelException {
    return plan.json().requireFlag("use_parallel_residual");
  }

  @Override
  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    if (!isParallel(plan)) {
      return super.norms(plan, layer);
    }
    var shared = norm(plan, plan.layer(layer) + "input_layernorm", plan.config().dModel());
    return Block.Norms.before(shared, shared);
  }

  @Override
  Norm norm(Blueprint plan, String name, long d) throws IOException {
    return plan.weights().layer(name, d, eps(plan));
  }

  private static double eps(Blueprint plan) throws UnsupportedModelException {
    return plan.json().requireEpsilon("layer_norm_eps");
  }

  @Override
  Bias inputBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias("use_qkv_bias");
  }

  @Override
  Bias outputBias(ConfigReader json) {
    return Bias.NONE;
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    if (!plan.json().requireFlag("qk_layernorm")) {
      return new QueryKeyNorm.None();
    }
    String prefix = plan.layer(layer) + "self_attn.";
    return new QueryKeyNorm.EachHead(
        byHead(plan, prefix + "q_layernorm", plan.config().nHeads()),
        byHead(plan, prefix + "k_layernorm", plan.config().nKvHeads()));
  }

  private static Norm byHead(Blueprint plan, String name, int heads) throws IOException {
    var weights = new ArrayList<Tensor>();
    for (int head = 0; head < heads; head++) {
      weights.add(
          plan.weights().vector(name + ".norms." + head + ".weight", plan.config().dHead()));
    }
    return new Norm.LayerByHead(Tensor.stack(weights), eps(plan));
  }
}
