package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.Projection;
import dev.demur.model.arch.Projection.Latent;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;

/// DeepSeek-V2, V3 and R1: latent attention, of which a part of each head rotates, and many small
/// experts beside a shared one.
///
/// Sources: DeepSeek-AI 2024 (arXiv 2405.04434 and 2412.19437), `DeepseekV2Config` and
/// `DeepseekV3Config` of transformers.
final class DeepseekFamily extends SharedExpertFamily {

  /// How experts are chosen, and what else differs.
  enum Generation {
    V2,
    V3
  }

  /// Of the norms of short vectors; the configuration says nothing of it.
  private static final double SHORT_EPSILON = 1e-6;

  private static final String GREEDY = "greedy";
  private static final String IN_GROUPS = "group_limited_greedy";

  private final Generation generation;

  DeepseekFamily(Generation generation) {
    this.generation = generation;
  }

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    switch (generation) {
      case V2 -> {
        json.only("topk_method", GREEDY, IN_GROUPS);
        json.only("scoring_func", "softmax");
      }
      case V3 -> {
        json.only("topk_method", "noaux_tc");
        json.only("scoring_func", "sigmoid");
      }
    }
  }

  @Override
  ModelConfig shape(ConfigReader json) throws UnsupportedModelException {
    int heads = json.require("num_attention_heads");
    return new ModelConfig(
        json.requireText("model_type"),
        json.require("num_hidden_layers"),
        json.require("hidden_size"),
        heads,
        json.orElse("num_key_value_heads", heads),
        Math.addExact(json.require("qk_nope_head_dim"), json.require("qk_rope_head_dim")),
        json.require("intermediate_size"),
        json.require("vocab_size"),
        json.require("max_position_embeddings"),
        json.requireFlag("tie_word_embeddings"));
  }

  @Override
  Attention.Input input(Blueprint plan, int layer) throws IOException {
    plan.json().only("num_key_value_heads", plan.config().nHeads());
    var widths = widths(plan);
    var shape = new Attention.Shape(widths.heads(), widths.heads(), widths.head(), widths.value());
    return new Attention.Input(
        projection(plan, plan.layer(layer) + "self_attn.", widths),
        shape,
        new QueryKeyNorm.None(),
        position(plan, layer));
  }

  private static Latent.Widths widths(Blueprint plan) throws UnsupportedModelException {
    var json = plan.json();
    return new Latent.Widths(
        plan.config().nHeads(),
        json.require("qk_nope_head_dim"),
        json.require("qk_rope_head_dim"),
        json.require("v_head_dim"));
  }

  private Projection projection(Blueprint plan, String prefix, Latent.Widths widths)
      throws IOException {
    var json = plan.json();
    var weights = plan.weights();
    int d = plan.config().dModel();
    int rank = json.require("kv_lora_rank");
    long made = (long) widths.heads() * (widths.plain() + widths.value());
    var bias = inputBias(json);
    var down =
        weights.linear(prefix + "kv_a_proj_with_mqa", (long) rank + widths.rotating(), d, bias);
    var norm = shortNorm(plan, prefix + "kv_a_layernorm", rank);
    var up = weights.linear(prefix + "kv_b_proj", made, rank, Bias.NONE);
    if (!json.has("q_lora_rank")) {
      var q = weights.linear(prefix + "q_proj", plan.queryWidth(), d, Bias.NONE);
      return new Latent(Optional.empty(), q, down, norm, up, widths);
    }
    int queryRank = json.require("q_lora_rank");
    var compression =
        new Latent.Compression(
            weights.linear(prefix + "q_a_proj", queryRank, d, bias),
            shortNorm(plan, prefix + "q_a_layernorm", queryRank));
    var q = weights.linear(prefix + "q_b_proj", plan.queryWidth(), queryRank, Bias.NONE);
    return new Latent(Optional.of(compression), q, down, norm, up, widths);
  }

  private static Norm shortNorm(Blueprint plan, String name, int rank) throws IOException {
    return plan.weights().rms(name, rank, SHORT_EPSILON);
  }

  @Override
  Linear output(Blueprint plan, int layer) throws IOException {
    var widths = widths(plan);
    return plan.weights()
        .linear(
            plan.layer(layer) + "self_attn.o_proj",
            plan.config().dModel(),
            (long) widths.heads() * widths.value(),
            outputBias(plan.json()));
  }

  @Override
  int rotary(Blueprint plan) throws UnsupportedModelException {
    return plan.json().require("qk_rope_head_dim");
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    var halves = super.rope(plan, layer);
    return switch (generation) {
      case V2 -> halves.ofNeighbours();
      case V3 -> plan.json().flag("rope_interleave") ? halves.ofNeighbours() : halves;
    };
  }

  /// Scores grow with the square of what YaRN multiplies queries and keys with in other models.
  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var scaling = plan.json().object("rope_scaling");
    double all = scaling.orElse("mscale_all_dim", 0.0);
    String type = scaling.orElse("rope_type", scaling.orElse("type", "default"));
    double magnitude =
        all == 0 || type.equals("default")
            ? 1
            : RopeReader.yarnMagnitude(scaling.requireNumber("factor"), all);
    return Scoring.scaled(magnitude * magnitude / Math.sqrt(plan.config().dHead()));
  }

  @Override
  Bias mlpBias(ConfigReader json) throws UnsupportedModelException {
    return switch (generation) {
      case V2 -> json.bias("mlp_bias");
      case V3 -> Bias.NONE;
    };
  }

  @Override
  ExpertChoice choice(Blueprint plan, String router, int experts) throws IOException {
    return switch (generation) {
      case V2 -> ofSoftmax(plan.json());
      case V3 -> ofSigmoids(plan, router, experts);
    };
  }

  /// A group is rated by its best expert. transformers does not use `norm_topk_prob` here, and no
  /// published model sets it.
  private static ExpertChoice ofSoftmax(ConfigReader json) throws UnsupportedModelException {
    var all =
        ExpertChoice.of(json.require("num_experts_per_tok"), ExpertChoice.Weights.OF_ALL)
            .scaled(json.requireNumber("routed_scaling_factor"));
    return json.orElse("topk_method", GREEDY).equals(IN_GROUPS)
        ? all.within(
            new ExpertChoice.Groups(json.require("n_group"), json.require("topk_group"), 1))
        : all;
  }
}
