package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/// GPT-2: learnt positions, LayerNorms and biases everywhere, a plain MLP; matrices are stored
/// `[in, out]`, embeddings are tied.
///
/// Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".
final class Gpt2Family extends BlockFamily {

  @Override
  String root(WeightReader weights) {
    // OpenAI's own files begin at the embedding.
    return weights.has("wte.weight") ? "" : "transformer.";
  }

  @Override
  ModelConfig shape(ConfigReader json) throws UnsupportedModelException {
    int dModel = json.require("n_embd");
    int heads = json.require("n_head");
    requireWholeHeads(json, dModel, heads);
    return new ModelConfig(
        "gpt2",
        json.require("n_layer"),
        dModel,
        heads,
        heads,
        dModel / heads,
        width(json, dModel),
        json.require("vocab_size"),
        json.require("n_positions"),
        json.requireFlag("tie_word_embeddings"));
  }

  private static int width(ConfigReader json, int dModel) throws UnsupportedModelException {
    if (!json.has("n_inner") && dModel > Integer.MAX_VALUE / 4) {
      throw json.unsupported("\"n_embd\" is " + dModel + ", expected a quarter of 2^31 at most.");
    }
    return json.orElse("n_inner", 4 * dModel);
  }

  @Override
  String embeddingName() {
    return "wte.weight";
  }

  @Override
  Embedding embedding(Blueprint plan) throws IOException {
    var config = plan.config();
    var weights = plan.weights();
    return new Embedding(
        weights.table(plan.root() + embeddingName(), config.dVocab(), config.dModel()),
        Optional.of(weights.matrix(plan.root() + "wpe.weight", config.nCtx(), config.dModel())),
        1);
  }

  @Override
  Block block(Blueprint plan, int layer) throws IOException {
    String prefix = plan.root() + "h." + layer + ".";
    var weights = plan.weights();
    int d = plan.config().dModel();
    int width = plan.config().dMlp();
    return new Block(
        layer,
        Block.Norms.before(norm(plan, prefix + "ln_1"), norm(plan, prefix + "ln_2")),
        new Attention(
            input(plan, weights.transposed(prefix + "attn.c_attn", 3L * d, d)),
            weights.transposed(prefix + "attn.c_proj", d, d),
            scoring(plan, layer)),
        new Mlp.Plain(
            weights.transposed(prefix + "mlp.c_fc", width, d),
            weights.transposed(prefix + "mlp.c_proj", d, width),
            plan.activation("activation_function")),
        Block.Wiring.SEQUENTIAL,
        1);
  }

  private static Attention.Input input(Blueprint plan, Linear all) {
    long d = plan.config().dModel();
    return new Attention.Input(
        all.rows(0, d),
        all.rows(d, d),
        all.rows(2 * d, d),
        plan.heads(),
        new QueryKeyNorm.None(),
        Attention.Position.none());
  }

  private static Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    boolean scaled = json.requireFlag("scale_attn_weights");
    double scale = scaled ? 1 / Math.sqrt(plan.config().dHead()) : 1;
    return Scoring.scaled(
        json.requireFlag("scale_attn_by_inverse_layer_idx") ? scale / (layer + 1) : scale);
  }

  private static Norm norm(Blueprint plan, String name) throws IOException {
    double eps = plan.json().requireEpsilon("layer_norm_epsilon");
    return plan.weights().layer(name, plan.config().dModel(), eps);
  }

  @Override
  Norm finalNorm(Blueprint plan) throws IOException {
    return norm(plan, plan.root() + "ln_f");
  }

  /// Old files hold the causal mask.
  @Override
  Pattern unneeded() {
    return Pattern.compile(super.unneeded() + "|.*\\.attn\\.(bias|masked_bias)");
  }

  @Override
  WriterNames writerNames() {
    return WriterNames.gpt2(StreamWriter.Layout.ROWS, "wte.weight", "wpe.weight");
  }
}
