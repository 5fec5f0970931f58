package dev.demur.model.arch.family;

import dev.demur.model.arch.Activation;
import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mixer;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Llama 1 to 3.x, SmolLM2, Yi: pre-norm blocks, RMS norms, rotary positions, gated MLP,
/// grouped-query attention. Families close to it override what differs.
///
/// Sources: Touvron et al. 2023 (arXiv 2307.09288), Llama Team 2024 (arXiv 2407.21783).
class LlamaFamily extends BlockFamily {

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    refuseMultipliers(json);
    refuseCaps(json);
    refusePartialRotation(json);
    refuseWindows(json);
    refuseLayerwiseRope(json);
  }

  /// Granite has these.
  void refuseMultipliers(ConfigReader json) throws UnsupportedModelException {
    json.only("embedding_multiplier", 1);
    json.only("attention_multiplier", 1);
    json.only("residual_multiplier", 1);
    json.only("logits_scaling", 1);
  }

  /// Gemma has these.
  void refuseCaps(ConfigReader json) throws UnsupportedModelException {
    json.only("attn_logit_softcapping");
    json.only("final_logit_softcapping");
    json.only("query_pre_attn_scalar");
  }

  void refusePartialRotation(ConfigReader json) throws UnsupportedModelException {
    json.only("partial_rotary_factor", 1);
    json.object("rope_scaling").only("partial_rotary_factor", 1);
  }

  /// transformers 5 lets kinds of layers rotate differently.
  void refuseLayerwiseRope(ConfigReader json) throws UnsupportedModelException {
    json.only("rope_parameters");
  }

  /// A window no shorter than the context bounds nothing.
  void refuseWindows(ConfigReader json) throws UnsupportedModelException {
    json.only("use_sliding_window", false);
    if (json.has("sliding_window")
        && !json.has("use_sliding_window")
        && json.countOrElse("sliding_window", 0) < json.require("max_position_embeddings")) {
      json.only("sliding_window");
    }
    for (String type : json.strings("layer_types")) {
      if (!type.equals(Windows.FULL)) {
        throw json.unsupported("layer type \"" + type + "\" is not known in this family.");
      }
    }
  }

  @Override
  String root(WeightReader weights) {
    return "model.";
  }

  @Override
  ModelConfig shape(ConfigReader json) throws UnsupportedModelException {
    int dModel = json.require("hidden_size");
    int heads = json.require("num_attention_heads");
    return new ModelConfig(
        json.requireText("model_type"),
        json.require("num_hidden_layers"),
        dModel,
        heads,
        json.orElse("num_key_value_heads", heads),
        json.orElse("head_dim", Math.max(1, dModel / heads)),
        json.require("intermediate_size"),
        json.require("vocab_size"),
        json.require("max_position_embeddings"),
        json.requireFlag("tie_word_embeddings"));
  }

  @Override
  String embeddingName() {
    return "embed_tokens.weight";
  }

  @Override
  Embedding embedding(Blueprint plan) throws IOException {
    var config = plan.config();
    return Embedding.of(
        plan.weights().table(plan.root() + embeddingName(), config.dVocab(), config.dModel()));
  }

  @Override
  Block block(Blueprint plan, int layer) throws IOException {
    return new Block(
        layer,
        norms(plan, layer),
        mixer(plan, layer),
        mlp(plan, layer),
        Block.Wiring.SEQUENTIAL,
        1);
  }

  Mixer mixer(Blueprint plan, int layer) throws IOException {
    return new Attention(input(plan, layer), output(plan, layer), scoring(plan, layer));
  }

  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer);
    return Block.Norms.before(
        norm(plan, prefix + "input_layernorm", plan.config().dModel()),
        norm(plan, prefix + "post_attention_layernorm", plan.config().dModel()));
  }

  /// Norms before and after attention and MLP.
  ///
  /// @param names of the four, in the order a token meets them
  final Block.Norms around(Blueprint plan, int layer, List<String> names) throws IOException {
    var norms = new ArrayList<Norm>();
    for (String name : names) {
      norms.add(norm(plan, plan.layer(layer) + name, plan.config().dModel()));
    }
    return new Block.Norms(norms.get(0), norms.get(1), norms.get(2), norms.get(3));
  }

  /// The family's kind of norm.
  Norm norm(Blueprint plan, String name, long d) throws IOException {
    return plan.weights().rms(name, d, plan.json().requireEpsilon("rms_norm_eps"));
  }

  Attention.Input input(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "self_attn.";
    long d = plan.config().dModel();
    var bias = inputBias(plan.json());
    return new Attention.Input(
        plan.weights().linear(prefix + "q_proj", plan.queryWidth(), d, bias),
        plan.weights().linear(prefix + "k_proj", plan.keyWidth(), d, bias),
        plan.weights().linear(prefix + "v_proj", plan.keyWidth(), d, bias),
        plan.heads(),
        queryKeyNorm(plan, layer),
        position(plan, layer));
  }

  /// How a layer's queries and keys learn their positions.
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    return Attention.Position.rotary(rope(plan, layer));
  }

  /// Of the matrices that make queries, keys and values.
  Bias inputBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias("attention_bias");
  }

  /// Of the matrix with which attention writes.
  Bias outputBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias("attention_bias");
  }

  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return new QueryKeyNorm.None();
  }

  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    return RopeReader.read(plan.json(), plan.json().requireNumber("rope_theta"), rotary(plan));
  }

  /// How many elements of a head rotate.
  int rotary(Blueprint plan) throws UnsupportedModelException {
    return plan.config().dHead();
  }

  /// The elements of a head that rotate when only a part does.
  static int partOfHead(Blueprint plan, double part) {
    return (int) (plan.config().dHead() * part);
  }

  Linear output(Blueprint plan, int layer) throws IOException {
    return plan.weights()
        .linear(
            plan.layer(layer) + "self_attn.o_proj",
            plan.config().dModel(),
            plan.queryWidth(),
            outputBias(plan.json()));
  }

  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    return scaled(plan);
  }

  /// Scores over √d_head, over all earlier tokens.
  static Scoring scaled(Blueprint plan) {
    return Scoring.scaled(1 / Math.sqrt(plan.config().dHead()));
  }

  Mlp mlp(Blueprint plan, int layer) throws IOException {
    return gated(plan, plan.layer(layer) + "mlp.", plan.config().dMlp());
  }

  /// A gated MLP whose names begin with `prefix`.
  final Mlp gated(Blueprint plan, String prefix, int width) throws IOException {
    long d = plan.config().dModel();
    var bias = mlpBias(plan.json());
    return new Mlp.Gated(
        plan.weights().linear(prefix + "gate_proj", width, d, bias),
        plan.weights().linear(prefix + "up_proj", width, d, bias),
        plan.weights().linear(prefix + "down_proj", d, width, bias),
        activation(plan));
  }

  /// As many gated MLPs under their numbers, or in two tensors.
  final List<Mlp> experts(Blueprint plan, String prefix, int count, int width) throws IOException {
    if (plan.weights().has(prefix + "experts.gate_up_proj")) {
      return fusedExperts(plan, prefix + "experts.", count, width);
    }
    var experts = new ArrayList<Mlp>();
    for (int expert = 0; expert < count; expert++) {
      experts.add(gated(plan, prefix + "experts." + expert + ".", width));
    }
    return experts;
  }

  private List<Mlp> fusedExperts(Blueprint plan, String prefix, int count, int width)
      throws IOException {
    int d = plan.config().dModel();
    var gateUp = plan.weights().stacked(prefix + "gate_up_proj", count, 2L * width, d);
    var down = plan.weights().stacked(prefix + "down_proj", count, d, width);
    var experts = new ArrayList<Mlp>();
    for (int expert = 0; expert < count; expert++) {
      var both = new Linear(gateUp.row(expert), Optional.empty());
      experts.add(
          new Mlp.Gated(
              both.rows(0, width),
              both.rows(width, width),
              new Linear(down.row(expert), Optional.empty()),
              activation(plan)));
    }
    return experts;
  }

  /// Of the MLP's matrices.
  Bias mlpBias(ConfigReader json) throws UnsupportedModelException {
    return json.bias("mlp_bias");
  }

  /// A gated MLP without biases whose gate and up matrices lie in one tensor.
  static Mlp fused(LlamaFamily family, Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mlp.";
    int width = plan.config().dMlp();
    int d = plan.config().dModel();
    var both = plan.weights().linear(prefix + "gate_up_proj", 2L * width, d, Bias.NONE);
    return new Mlp.Gated(
        both.rows(0, width),
        both.rows(width, width),
        plan.weights().linear(prefix + "down_proj", d, width, Bias.NONE),
        family.activation(plan));
  }

  Activation activation(Blueprint plan) throws UnsupportedModelException {
    return plan.activation("hidden_act");
  }

  @Override
  Norm finalNorm(Blueprint plan) throws IOException {
    return norm(plan, plan.root() + "norm", plan.config().dModel());
  }

  @Override
  WriterNames writerNames() {
    return WriterNames.llama();
  }
}
