package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Unembedding;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;

/// Phi-1, Phi-1.5 and Phi-2: parallel blocks with one LayerNorm, biases everywhere, also on the
/// logits, a plain MLP, and a part of each head that rotates.
///
/// Source: Gunasekar et al. 2023 (arXiv 2306.11644), Li et al. 2023 (arXiv 2309.05463) and
/// `modeling_phi.py` of transformers.
final class PhiFamily extends LlamaFamily {

  @Override
  void refusePartialRotation(ConfigReader json) {}

  @Override
  int rotary(Blueprint plan) throws UnsupportedModelException {
    return partOfHead(plan, plan.json().requireNumber("partial_rotary_factor"));
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
    return plan.weights().layer(name, d, plan.json().requireEpsilon("layer_norm_eps"));
  }

  @Override
  Bias inputBias(ConfigReader json) {
    return Bias.WHERE_STORED;
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    if (!plan.json().requireFlag("qk_layernorm")) {
      return new QueryKeyNorm.None();
    }
    String prefix = plan.layer(layer) + "self_attn.";
    return new QueryKeyNorm.EachHead(
        norm(plan, prefix + "q_layernorm", plan.config().dHead()),
        norm(plan, prefix + "k_layernorm", plan.config().dHead()));
  }

  @Override
  Linear output(Blueprint plan, int layer) throws IOException {
    return plan.weights()
        .linear(plan.layer(layer) + "self_attn.dense", plan.config().dModel(), plan.queryWidth());
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mlp.";
    int d = plan.config().dModel();
    int width = plan.config().dMlp();
    return new Mlp.Plain(
        plan.weights().linear(prefix + "fc1", width, d),
        plan.weights().linear(prefix + "fc2", d, width),
        activation(plan));
  }

  @Override
  Norm finalNorm(Blueprint plan) throws IOException {
    return norm(plan, plan.root() + "final_layernorm", plan.config().dModel());
  }

  /// The bias on the logits stays where the matrix is that of the embedding.
  @Override
  Unembedding unembedding(Blueprint plan, Embedding embedding) throws IOException {
    var config = plan.config();
    String name = unembeddingName(plan.weights());
    var bias = plan.weights().bias(name, plan.weights().dtype(), config.dVocab());
    return Unembedding.of(
        config.tiedEmbeddings()
            ? Unembedding.tied(embedding.tokens(), bias)
            : plan.weights().linear(name, config.dVocab(), config.dModel()));
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames().withAttention("self_attn\\.dense").withMlp("mlp\\.fc2");
  }
}
