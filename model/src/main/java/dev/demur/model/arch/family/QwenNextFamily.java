package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.ExpertChoice.Weights;
import dev.demur.model.arch.Mixer;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ConfigClasses;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Qwen3-Next and Qwen3.5: gated DeltaNet layers, and every fourth, when nothing else is said, with
/// attention whose z is gated. Norms scale by 1 + w; a part of each head rotates; Qwen3-Next and
/// the larger Qwen3.5 have experts and a gated shared one. Also the language model inside a
/// multimodal Qwen3.5, whose three positions of a token are one and the same in text.
///
/// Sources: Qwen Team 2025 (model card huggingface.co/Qwen/Qwen3-Next-80B-A3B-Instruct) and
/// `Qwen3NextConfig`, `Qwen3_5TextConfig`, `Qwen3_5MoeTextConfig` of transformers.
final class QwenNextFamily extends LlamaFamily {

  /// What a generation has.
  enum Generation {
    /// Experts in the layers named; projections of a DeltaNet layer lie interleaved.
    NEXT("qwen3_next"),
    /// No experts.
    QWEN3_5("qwen3_5_text"),
    /// Experts in every layer.
    QWEN3_5_MOE("qwen3_5_moe_text");

    private final String type;

    Generation(String type) {
      this.type = type;
    }
  }

  private static final String TIED = "tie_word_embeddings";

  private static final String RECURRENT = "linear_attention";

  private final Generation generation;

  QwenNextFamily(Generation generation) {
    this.generation = generation;
  }

  /// The text part of a multimodal configuration. The whole says whether embeddings are tied.
  @Override
  ConfigReader configuration(ConfigReader json) {
    if (!(json.json() instanceof ObjectNode whole)
        || whole.path("model_type").asString("").equals(generation.type)) {
      return json;
    }
    var text =
        whole.get("text_config") instanceof ObjectNode part
            ? part.deepCopy()
            : BoundedJson.emptyObject();
    text.put("model_type", generation.type);
    text.set(TIED, ConfigClasses.complete(whole).path(TIED));
    if (whole.hasNonNull("quantization_config")) {
      text.set("quantization_config", whole.get("quantization_config"));
    }
    return new ConfigReader(json.model(), text);
  }

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.only("attn_output_gate", true);
  }

  @Override
  void refusePartialRotation(ConfigReader json) {}

  /// None of them looks at windows.
  @Override
  void refuseWindows(ConfigReader json) {}

  @Override
  String root(WeightReader weights) {
    return Multimodal.root(weights, embeddingName(), super.root(weights));
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
        json.require("head_dim"),
        json.require(
            generation == Generation.QWEN3_5_MOE ? "moe_intermediate_size" : "intermediate_size"),
        json.require("vocab_size"),
        json.require("max_position_embeddings"),
        json.requireFlag(TIED));
  }

  @Override
  Norm norm(Blueprint plan, String name, long d) throws IOException {
    return plan.weights().rmsPlusOne(name, d, plan.json().requireEpsilon("rms_norm_eps"));
  }

  @Override
  Mixer mixer(Blueprint plan, int layer) throws IOException {
    return hasAttention(plan, layer)
        ? attention(plan, layer)
        : DeltaReader.read(plan, layer, activation(plan), projections());
  }

  private static boolean hasAttention(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    if (!json.has("layer_types")) {
      return (layer + 1) % json.require("full_attention_interval") == 0;
    }
    return MixedLayers.hasAttention(json, layer, json.strings("layer_types"), RECURRENT);
  }

  // ---- attention -------------------------------------------------------------------------------

  /// One matrix holds a query and a gate for each head in turn.
  private Mixer attention(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "self_attn.";
    long d = plan.config().dModel();
    int heads = plan.config().nHeads();
    int width = plan.config().dHead();
    var bias = inputBias(plan.json());
    var both =
        plan.weights()
            .sharedOut(
                prefix + "q_proj",
                2L * plan.queryWidth(),
                d,
                bias,
                List.of(
                    DeltaReader.everyGroup(heads, 2 * width, 0, width),
                    DeltaReader.everyGroup(heads, 2 * width, width, width)));
    var input =
        new Attention.Input(
            both.getFirst(),
            plan.weights().linear(prefix + "k_proj", plan.keyWidth(), d, bias),
            plan.weights().linear(prefix + "v_proj", plan.keyWidth(), d, bias),
            plan.heads(),
            queryKeyNorm(plan, layer),
            position(plan, layer));
    return new Attention(
        input, Optional.of(both.getLast()), output(plan, layer), scoring(plan, layer));
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return Qwen3Family.eachHead(this, plan, layer);
  }

  /// In text the three positions that sections of a head would turn by are one.
  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return RopeReader.read(
        json,
        json.requireNumber("rope_theta"),
        rotary(plan),
        Set.of("mrope_section", "mrope_interleaved"));
  }

  @Override
  int rotary(Blueprint plan) throws UnsupportedModelException {
    return partOfHead(plan, plan.json().requireNumber("partial_rotary_factor"));
  }

  private DeltaReader.Projections projections() {
    return switch (generation) {
      case NEXT -> DeltaReader.Projections.INTERLEAVED;
      case QWEN3_5, QWEN3_5_MOE -> DeltaReader.Projections.APART;
    };
  }

  // ---- MLP -------------------------------------------------------------------------------------

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mlp.";
    return switch (generation) {
      case QWEN3_5 -> super.mlp(plan, layer);
      case QWEN3_5_MOE -> experts(plan, prefix, Weights.OF_CHOSEN);
      case NEXT ->
          QwenMoeFamily.hasExperts(plan.json(), layer)
              ? experts(
                  plan,
                  prefix,
                  plan.json().requireFlag("norm_topk_prob") ? Weights.OF_CHOSEN : Weights.OF_ALL)
              : super.mlp(plan, layer);
    };
  }

  private Mlp experts(Blueprint plan, String prefix, Weights weights) throws IOException {
    var shared = Optional.of(QwenMoeFamily.shared(this, plan, prefix));
    return QwenMoeFamily.experts(this, plan, prefix, weights, shared);
  }

  // ---- names -----------------------------------------------------------------------------------

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withAttention("(self_attn\\.o_proj|linear_attn\\.out_proj)")
        .withMlp(QwenMoeFamily.OUTPUTS)
        .withFusedExperts(QwenMoeFamily.FUSED);
  }

  /// What predicts several tokens at once is left aside, as transformers leaves it.
  @Override
  Pattern unneeded() {
    return Multimodal.unneeded(super.unneeded().pattern() + "|mtp\\..*");
  }
}
