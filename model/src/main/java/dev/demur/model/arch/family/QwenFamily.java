package dev.demur.model.arch.family;

import dev.demur.model.arch.Activation;
import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.QueryGrowth;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.RopeScaling;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;

/// Qwen 1 (`QWenLMHeadModel`): a Llama under other names with query, key and value in one matrix.
/// Beyond the length it was trained on, the RoPE base grows with every doubling, and queries are
/// multiplied by the logarithm of their position.
///
/// Source: Bai et al. 2023 (arXiv 2309.16609).
final class QwenFamily extends BlockFamily {

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.only("rotary_pct", 1);
    json.only("scale_attn_weights", true);
    json.only("rope_scaling");
    json.only("use_cache_quantization", false);
  }

  @Override
  String root(WeightReader weights) {
    return "transformer.";
  }

  @Override
  ModelConfig shape(ConfigReader json) throws UnsupportedModelException {
    int dModel = json.require("hidden_size");
    int heads = json.require("num_attention_heads");
    return new ModelConfig(
        "qwen",
        json.require("num_hidden_layers"),
        dModel,
        heads,
        heads,
        json.require("kv_channels"),
        json.require("intermediate_size") / 2, // the configuration counts gate and up
        json.require("vocab_size"),
        json.require("max_position_embeddings"),
        json.requireFlag("tie_word_embeddings"));
  }

  @Override
  String embeddingName() {
    return "wte.weight";
  }

  @Override
  Embedding embedding(Blueprint plan) throws IOException {
    var config = plan.config();
    return Embedding.of(
        plan.weights().table(plan.root() + embeddingName(), config.dVocab(), config.dModel()));
  }

  @Override
  Block block(Blueprint plan, int layer) throws IOException {
    String prefix = plan.root() + "h." + layer + ".";
    var weights = plan.weights();
    long d = plan.config().dModel();
    long heads = plan.queryWidth();
    long width = plan.config().dMlp();
    return new Block(
        layer,
        Block.Norms.before(norm(plan, prefix + "ln_1"), norm(plan, prefix + "ln_2")),
        new Attention(
            input(plan, weights.linear(prefix + "attn.c_attn", 3 * heads, d)),
            weights.linear(prefix + "attn.c_proj", d, heads),
            Scoring.scaled(1 / Math.sqrt(plan.config().dHead()))),
        new Mlp.Gated(
            weights.linear(prefix + "mlp.w2", width, d),
            weights.linear(prefix + "mlp.w1", width, d),
            weights.linear(prefix + "mlp.c_proj", d, width),
            Activation.SILU),
        Block.Wiring.SEQUENTIAL,
        1);
  }

  private static Attention.Input input(Blueprint plan, Linear all)
      throws UnsupportedModelException {
    long heads = plan.queryWidth();
    return new Attention.Input(
        all.rows(0, heads),
        all.rows(heads, heads),
        all.rows(2 * heads, heads),
        plan.heads(),
        new QueryKeyNorm.None(),
        position(plan));
  }

  private static Attention.Position position(Blueprint plan) throws UnsupportedModelException {
    var json = plan.json();
    int trained = json.require("seq_length");
    var scaling =
        json.requireFlag("use_dynamic_ntk")
            ? new RopeScaling.SteppedNtk(trained)
            : new RopeScaling.None();
    double theta = json.requireNumber("rotary_emb_base");
    return new Attention.Position(
        Optional.of(RopeReader.rope(json, theta, plan.config().dHead(), scaling)),
        json.requireFlag("use_logn_attn")
            ? Optional.of(new QueryGrowth.Logarithm(trained))
            : Optional.empty());
  }

  private static Norm norm(Blueprint plan, String name) throws IOException {
    double eps = plan.json().requireEpsilon("layer_norm_epsilon");
    return plan.weights().rms(name, plan.config().dModel(), eps);
  }

  @Override
  Norm finalNorm(Blueprint plan) throws IOException {
    return norm(plan, plan.root() + "ln_f");
  }

  @Override
  WriterNames writerNames() {
    return WriterNames.gpt2(StreamWriter.Layout.COLUMNS, "wte.weight");
  }
}
