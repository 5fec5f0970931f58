package dev.demur.model.arch.family;

import dev.demur.model.arch.Activation;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.ExpertChoice.Weights;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mixer;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.ShortConvolution;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;

/// LFM2 and LFM2.5: short convolutions, and attention with norms on queries and keys in the layers
/// named; the one with experts chooses them by sigmoids and a stored bias, but for the first
/// layers.
///
/// Sources: Liquid AI 2025 (arXiv 2511.23404) and `Lfm2Config`, `Lfm2MoeConfig` of transformers.
final class Lfm2Family extends LlamaFamily {

  /// What a layer's MLP is.
  enum Mlps {
    /// As wide as the configuration's width comes to after its adjustments.
    DENSE,
    /// Experts, but for the first layers.
    EXPERTS
  }

  private static final String RECURRENT = "conv";

  private final Mlps mlps;

  Lfm2Family(Mlps mlps) {
    this.mlps = mlps;
  }

  @Override
  void refuseWindows(ConfigReader json) {}

  @Override
  ModelConfig shape(ConfigReader json) throws UnsupportedModelException {
    var plain = super.shape(json);
    return switch (mlps) {
      case EXPERTS -> plain;
      case DENSE -> plain.withMlp(width(json, plain.dMlp()));
    };
  }

  /// Two thirds of what is said, times a factor, up to the next multiple.
  private static int width(ConfigReader json, int said) throws UnsupportedModelException {
    if (!json.requireFlag("block_auto_adjust_ff_dim")) {
      return said;
    }
    long width = 2L * said / 3;
    if (json.has("block_ffn_dim_multiplier")) {
      width = (long) (json.requirePositive("block_ffn_dim_multiplier") * width);
      long of = json.require("block_multiple_of");
      width = of * Math.ceilDiv(width, of);
    }
    if (width < 1 || width > Integer.MAX_VALUE) {
      throw json.unsupported("\"intermediate_size\" comes to " + width + " after its adjustment.");
    }
    return (int) width;
  }

  @Override
  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer);
    return Block.Norms.before(
        norm(plan, prefix + "operator_norm", plan.config().dModel()),
        norm(plan, prefix + "ffn_norm", plan.config().dModel()));
  }

  @Override
  Norm norm(Blueprint plan, String name, long d) throws IOException {
    return plan.weights().rms(name, d, plan.json().requireEpsilon("norm_eps"));
  }

  @Override
  Norm finalNorm(Blueprint plan) throws IOException {
    return norm(plan, plan.root() + "embedding_norm", plan.config().dModel());
  }

  // ---- mixers ----------------------------------------------------------------------------------

  @Override
  Mixer mixer(Blueprint plan, int layer) throws IOException {
    return hasAttention(plan.json(), layer) ? super.mixer(plan, layer) : convolution(plan, layer);
  }

  private boolean hasAttention(ConfigReader json, int layer) throws UnsupportedModelException {
    if (mlps == Mlps.DENSE && !json.has("layer_types")) {
      return !json.has("full_attn_idxs") || json.numbers("full_attn_idxs").contains((double) layer);
    }
    return MixedLayers.hasAttention(json, layer, json.strings("layer_types"), RECURRENT);
  }

  private static Mixer convolution(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "conv.";
    int d = plan.config().dModel();
    var weights = plan.weights();
    var bias = plan.json().bias("conv_bias");
    return new ShortConvolution(
        weights.linear(prefix + "in_proj", 3L * d, d, bias),
        weights.convolution(prefix + "conv", d, plan.json().require("conv_L_cache"), bias),
        weights.linear(prefix + "out_proj", d, d, bias));
  }

  @Override
  Bias inputBias(ConfigReader json) {
    return Bias.NONE;
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "self_attn.";
    return new QueryKeyNorm.EachHead(
        norm(plan, prefix + "q_layernorm", plan.config().dHead()),
        norm(plan, prefix + "k_layernorm", plan.config().dHead()));
  }

  @Override
  Linear output(Blueprint plan, int layer) throws IOException {
    return plan.weights()
        .linear(
            plan.layer(layer) + "self_attn.out_proj",
            plan.config().dModel(),
            plan.queryWidth(),
            Bias.NONE);
  }

  // ---- MLP -------------------------------------------------------------------------------------

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "feed_forward.";
    return mlps == Mlps.DENSE || layer < plan.json().countOrElse("num_dense_layers", 0)
        ? mlp(plan, prefix, plan.config().dMlp())
        : experts(plan, prefix);
  }

  private static Mlp mlp(Blueprint plan, String prefix, int width) throws IOException {
    int d = plan.config().dModel();
    return new Mlp.Gated(
        plan.weights().linear(prefix + "w1", width, d, Bias.NONE),
        plan.weights().linear(prefix + "w3", width, d, Bias.NONE),
        plan.weights().linear(prefix + "w2", d, width, Bias.NONE),
        Activation.SILU);
  }

  private static Mlp experts(Blueprint plan, String prefix) throws IOException {
    var json = plan.json();
    int count = json.require("num_experts");
    int width = json.require("moe_intermediate_size");
    var experts = new ArrayList<Mlp>();
    for (int expert = 0; expert < count; expert++) {
      experts.add(mlp(plan, prefix + "experts." + expert + ".", width));
    }
    var choice =
        ExpertChoice.of(
                json.require("num_experts_per_tok"),
                json.requireFlag("norm_topk_prob")
                    ? Weights.SIGMOIDS_OF_CHOSEN_AND_A_MILLIONTH
                    : Weights.SIGMOIDS)
            .scaled(json.requireNumber("routed_scaling_factor"));
    return new MixtureOfExperts(
        plan.weights().router(prefix + "gate", count, plan.config().dModel()),
        json.requireFlag("use_expert_bias")
            ? choice.favouring(plan.weights().vector(prefix + "expert_bias", count))
            : choice,
        experts,
        Optional.empty());
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withAttention("(self_attn|conv)\\.out_proj")
        .withMlp("feed_forward\\.(experts\\.\\d+\\.)?w2");
  }
}
