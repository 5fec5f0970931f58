package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.regex.Pattern;

/// GPT-NeoX and Pythia: parallel blocks with two norms, LayerNorms and biases everywhere, a quarter
/// of each head rotates; query, key and value of a head lie next to each other in one matrix.
///
/// Sources: Black et al. 2022 (arXiv 2204.06745), Biderman et al. 2023 (arXiv 2304.01373).
final class GptNeoXFamily extends LlamaFamily {

  @Override
  void refusePartialRotation(ConfigReader json) {}

  @Override
  ModelConfig shape(ConfigReader json) throws UnsupportedModelException {
    requireWholeHeads(json, json.require("hidden_size"), json.require("num_attention_heads"));
    return super.shape(json);
  }

  @Override
  String root(WeightReader weights) {
    return "gpt_neox.";
  }

  @Override
  String embeddingName() {
    return "embed_in.weight";
  }

  @Override
  Block block(Blueprint plan, int layer) throws IOException {
    var plain = super.block(plan, layer);
    boolean parallel = plan.json().requireFlag("use_parallel_residual");
    var wiring = parallel ? Block.Wiring.PARALLEL : Block.Wiring.SEQUENTIAL;
    return new Block(layer, plain.norms(), plain.mixer(), plain.mlp(), wiring, 1);
  }

  @Override
  Norm norm(Blueprint plan, String name, long d) throws IOException {
    return plan.weights().layer(name, d, plan.json().requireEpsilon("layer_norm_eps"));
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    return RopeReader.read(plan.json(), plan.json().requireNumber("rotary_emb_base"), rotary(plan));
  }

  @Override
  int rotary(Blueprint plan) throws UnsupportedModelException {
    return partOfHead(plan, plan.json().requireNumber("rotary_pct"));
  }

  @Override
  Attention.Input input(Blueprint plan, int layer) throws IOException {
    int d = plan.config().dModel();
    var all =
        plan.weights()
            .linear(
                plan.layer(layer) + "attention.query_key_value", 3L * d, d, inputBias(plan.json()));
    return new Attention.Input(
        part(plan, all, 0),
        part(plan, all, 1),
        part(plan, all, 2),
        plan.heads(),
        new QueryKeyNorm.None(),
        Attention.Position.rotary(rope(plan, layer)));
  }

  /// Query (0), key (1) or value (2) rows of every head.
  private static Linear part(Blueprint plan, Linear all, int index) {
    int heads = plan.config().nHeads();
    int dHead = plan.config().dHead();
    return new Linear(
        part(all.weight().reshape(heads, 3, dHead, -1), index)
            .reshape((long) heads * dHead, plan.config().dModel()),
        all.bias()
            .map(bias -> part(bias.reshape(heads, 3, dHead), index).reshape((long) heads * dHead)));
  }

  private static Tensor part(Tensor byHead, int index) {
    return byHead.narrow(1, index, 1);
  }

  @Override
  Linear output(Blueprint plan, int layer) throws IOException {
    int d = plan.config().dModel();
    return plan.weights()
        .linear(plan.layer(layer) + "attention.dense", d, d, outputBias(plan.json()));
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mlp.";
    int d = plan.config().dModel();
    int width = plan.config().dMlp();
    return new Mlp.Plain(
        plan.weights().linear(prefix + "dense_h_to_4h", width, d),
        plan.weights().linear(prefix + "dense_4h_to_h", d, width),
        activation(plan));
  }

  @Override
  Norm finalNorm(Blueprint plan) throws IOException {
    return norm(plan, plan.root() + "final_layer_norm", plan.config().dModel());
  }

  @Override
  Pattern unneeded() {
    return Pattern.compile(
        super.unneeded() + "|embed_out\\.weight|.*\\.attention\\.(bias|masked_bias)");
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withEmbedding("embed_in.weight")
        .withAttention("attention\\.dense")
        .withMlp("mlp\\.dense_4h_to_h");
  }

  @Override
  String unembeddingName(WeightReader weights) {
    return "embed_out";
  }
}
