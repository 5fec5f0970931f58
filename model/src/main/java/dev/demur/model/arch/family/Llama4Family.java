package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.QueryGrowth;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Reach;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Llama 4, its text: layers that rotate neighbours and look back within chunks, and layers without
/// positions, whose queries grow late in a sequence; experts that read what their weights have
/// multiplied, beside a shared one.
///
/// Source: Meta's model cards (huggingface.co/meta-llama) and `Llama4TextConfig` of transformers;
/// Nakanishi 2025 (arXiv 2501.19399) for queries that grow.
final class Llama4Family extends LlamaFamily {

  private static final String CHUNKED = "chunked_attention";
  private static final String CHUNK = "attention_chunk_size";
  private static final String ROTATES = "no_rope_layers";
  private static final String EXPERTS = "moe_layers";

  /// Kinds of layers are read with the chunks.
  @Override
  void refuseWindows(ConfigReader json) throws UnsupportedModelException {
    json.only("sliding_window");
  }

  private static boolean rotates(Blueprint plan, int layer) throws UnsupportedModelException {
    var listed = plan.json().numbers(ROTATES);
    if (listed.isEmpty()) {
      return (layer + 1) % plan.json().require("no_rope_layer_interval") != 0;
    }
    if (listed.size() < plan.config().nLayers()) {
      throw plan.json().unsupported("\"" + ROTATES + "\" has no entry for layer " + layer + ".");
    }
    return listed.get(layer) != 0;
  }

  private static boolean isNormed(Blueprint plan, int layer) throws UnsupportedModelException {
    return plan.json().requireFlag("use_qk_norm") && rotates(plan, layer);
  }

  @Override
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    if (rotates(plan, layer)) {
      var rope = rope(plan, layer).ofNeighbours();
      return Attention.Position.rotary(isNormed(plan, layer) ? rope.unmagnified() : rope);
    }
    if (!json.requireFlag("attn_temperature_tuning")) {
      return Attention.Position.none();
    }
    var growth =
        new QueryGrowth.Steps(json.requireNumber("attn_scale"), json.require("floor_scale"), 1);
    return new Attention.Position(Optional.empty(), Optional.of(growth));
  }

  /// The norm has no scale and follows the rotation, which leaves lengths alone but for a factor: a
  /// norm before the rotation is the same with ε over the square of that factor.
  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    if (!isNormed(plan, layer)) {
      return new QueryKeyNorm.None();
    }
    double magnitude = magnitude(rope(plan, layer));
    double eps = plan.json().requireEpsilon("rms_norm_eps") / (magnitude * magnitude);
    var norm =
        plan.weights()
            .rmsWithoutScale(plan.layer(layer) + "self_attn.q_proj", plan.config().dHead(), eps);
    return new QueryKeyNorm.EachHead(norm, norm);
  }

  private static double magnitude(Rope rope) {
    return rope.frequencies(1).magnitude();
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return isChunked(plan, layer)
        ? super.scoring(plan, layer).within(new Reach.Chunk(json.require(CHUNK)))
        : super.scoring(plan, layer);
  }

  private static boolean isChunked(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    var types = json.strings("layer_types");
    if (types.isEmpty()) {
      return json.has(CHUNK) && rotates(plan, layer);
    }
    if (layer >= types.size()) {
      throw json.unsupported("\"layer_types\" has no entry for layer " + layer + ".");
    }
    return switch (types.get(layer)) {
      case CHUNKED -> true;
      case Windows.FULL -> false;
      default ->
          throw json.unsupported(
              "layer type \"" + types.get(layer) + "\" is not known in this family.");
    };
  }

  @Override
  Bias mlpBias(ConfigReader json) {
    return Bias.NONE;
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "feed_forward.";
    var json = plan.json();
    if (!hasExperts(json, layer)) {
      return gated(plan, prefix, json.require("intermediate_size_mlp"));
    }
    int count = json.require("num_local_experts");
    var choice =
        ExpertChoice.of(json.require("num_experts_per_tok"), ExpertChoice.Weights.SIGMOIDS);
    return new MixtureOfExperts(
        plan.weights().router(prefix + "router", count, plan.config().dModel()),
        choice.ofInputs(),
        stacked(plan, prefix + "experts.", count),
        Optional.of(
            MixtureOfExperts.Shared.plain(
                gated(plan, prefix + "shared_expert.", plan.config().dMlp()))));
  }

  private static boolean hasExperts(ConfigReader json, int layer) throws UnsupportedModelException {
    return json.has(EXPERTS)
        ? json.numbers(EXPERTS).contains((double) layer)
        : (layer + 1) % json.require("interleave_moe_layer_step") == 0;
  }

  /// Experts in two tensors, transposed, gate and up side by side.
  private List<Mlp> stacked(Blueprint plan, String prefix, int count) throws IOException {
    int d = plan.config().dModel();
    int width = plan.config().dMlp();
    var gateUp = plan.weights().stacked(prefix + "gate_up_proj", count, d, 2L * width);
    var down = plan.weights().stacked(prefix + "down_proj", count, width, d);
    var experts = new ArrayList<Mlp>();
    for (int expert = 0; expert < count; expert++) {
      var both = new Linear(gateUp.row(expert).transpose(0, 1), Optional.empty());
      experts.add(
          new Mlp.Gated(
              both.rows(0, width),
              both.rows(width, width),
              new Linear(down.row(expert).transpose(0, 1), Optional.empty()),
              activation(plan)));
    }
    return experts;
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withStackedMlp(
            "feed_forward\\.(experts\\.down_proj|(shared_expert\\.)?down_proj\\.weight)");
  }
}
