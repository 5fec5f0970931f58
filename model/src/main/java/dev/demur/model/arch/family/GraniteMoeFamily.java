package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.ExpertChoice.Weights;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mamba2;
import dev.demur.model.arch.Mixer;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.MixtureOfExperts.Shared;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Granite 3 with experts, and Granite 4: a Granite whose MLP is experts, an expert every token
/// uses, or both, and which in Granite 4 can have Mamba 2 layers and attention without positions.
///
/// Source: IBM's model cards (huggingface.co/ibm-granite) and `GraniteMoeConfig`,
/// `GraniteMoeSharedConfig`, `GraniteMoeHybridConfig` of transformers.
final class GraniteMoeFamily extends GraniteFamily {

  /// What a generation has.
  enum Generation {
    /// Experts.
    EXPERTS,
    /// Also a shared one, where it has a width.
    SHARED,
    /// A shared one, with or without experts; attention or Mamba 2.
    HYBRID
  }

  private static final String RECURRENT = "linear_attention";
  private static final String SHARED_WIDTH = "shared_intermediate_size";

  private final Generation generation;

  GraniteMoeFamily(Generation generation) {
    this.generation = generation;
  }

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    MambaReader.refuseBounds(json);
  }

  @Override
  void refuseWindows(ConfigReader json) {}

  @Override
  Object[] positionKinds() {
    return new Object[] {"rope", "nope"};
  }

  @Override
  ModelConfig shape(ConfigReader json) throws UnsupportedModelException {
    var plain = super.shape(json);
    return generation == Generation.HYBRID ? plain.withMlp(json.require(SHARED_WIDTH)) : plain;
  }

  // ---- mixers ----------------------------------------------------------------------------------

  @Override
  Mixer mixer(Blueprint plan, int layer) throws IOException {
    return generation != Generation.HYBRID || hasAttention(plan.json(), layer)
        ? super.mixer(plan, layer)
        : mamba(plan, layer);
  }

  private static boolean hasAttention(ConfigReader json, int layer)
      throws UnsupportedModelException {
    return json.has("layer_types")
        && MixedLayers.hasAttention(json, layer, json.strings("layer_types"), RECURRENT);
  }

  @Override
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    return generation == Generation.HYBRID
            && !plan.json().orElse("position_embedding_type", "nope").equals("rope")
        ? Attention.Position.none()
        : super.position(plan, layer);
  }

  private Mixer mamba(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mamba.";
    var json = plan.json();
    int d = plan.config().dModel();
    var shape = MambaReader.shape(json, Math.multiplyExact(json.require("mamba_expand"), d));
    var bias = json.bias("mamba_proj_bias");
    return new Mamba2(
        MambaReader.in(plan, prefix + "in_proj", shape, bias),
        plan.weights()
            .convolution(
                prefix + "conv1d",
                shape.values() + 2L * shape.keys(),
                json.require("mamba_d_conv"),
                json.bias("mamba_conv_bias")),
        activation(plan),
        MambaReader.dynamics(plan, prefix, shape),
        new Mamba2.Gating(
            Mamba2.Gating.Order.GATE_FIRST,
            Optional.of(MambaReader.norm(plan, prefix + "norm", shape))),
        plan.weights().linear(prefix + "out_proj", d, shape.values(), bias));
  }

  // ---- MLP -------------------------------------------------------------------------------------

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    var shared = shared(plan, plan.layer(layer) + "shared_mlp.");
    int experts =
        generation == Generation.HYBRID
            ? plan.json().countOrElse("num_local_experts", 0)
            : plan.json().require("num_local_experts");
    return experts == 0
        ? shared.orElseThrow()
        : experts(plan, plan.layer(layer) + "block_sparse_moe.", experts, shared);
  }

  private Optional<Mlp> shared(Blueprint plan, String prefix) throws IOException {
    var json = plan.json();
    int width =
        switch (generation) {
          case EXPERTS -> 0;
          case SHARED -> json.countOrElse(SHARED_WIDTH, 0);
          case HYBRID -> json.require(SHARED_WIDTH);
        };
    if (width == 0) {
      return Optional.empty();
    }
    if (plan.weights().has(prefix + "gate_proj.weight")) { // as GGUF has them
      return Optional.of(gated(plan, prefix, width));
    }
    int d = plan.config().dModel();
    var both = plan.weights().linear(prefix + "input_linear", 2L * width, d, Bias.NONE);
    return Optional.of(
        new Mlp.Gated(
            both.rows(0, width),
            both.rows(width, width),
            plan.weights().linear(prefix + "output_linear", d, width, Bias.NONE),
            activation(plan)));
  }

  /// Experts in one tensor.
  private Mlp experts(Blueprint plan, String prefix, int count, Optional<Mlp> shared)
      throws IOException {
    var json = plan.json();
    int d = plan.config().dModel();
    int width = json.require("intermediate_size");
    if (plan.weights().has(prefix + "experts.0.gate_proj.weight")) { // as GGUF has them
      return routed(plan, prefix, count, experts(plan, prefix, count, width), shared);
    }
    var in = plan.weights().stacked(prefix + "input_linear.weight", count, 2L * width, d);
    var out = plan.weights().stacked(prefix + "output_linear.weight", count, d, width);
    List<Mlp> experts = new ArrayList<>();
    for (int expert = 0; expert < count; expert++) {
      var both = new Linear(in.row(expert), Optional.empty());
      experts.add(
          new Mlp.Gated(
              both.rows(0, width),
              both.rows(width, width),
              new Linear(out.row(expert), Optional.empty()),
              activation(plan)));
    }
    return routed(plan, prefix, count, experts, shared);
  }

  private static Mlp routed(
      Blueprint plan, String prefix, int count, List<Mlp> experts, Optional<Mlp> shared)
      throws IOException {
    return new MixtureOfExperts(
        plan.weights().router(prefix + "router.layer", count, plan.config().dModel()),
        ExpertChoice.of(plan.json().require("num_experts_per_tok"), Weights.OF_CHOSEN),
        experts,
        shared.map(Shared::plain));
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withAttention("(self_attn\\.o_proj|mamba\\.out_proj)")
        .withMlp(
            "((shared_mlp|block_sparse_moe)\\.output_linear"
                + "|(shared_mlp|block_sparse_moe\\.experts\\.\\d+)\\.down_proj)");
  }
}
