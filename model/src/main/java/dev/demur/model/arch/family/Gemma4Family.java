package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Ending;
import dev.demur.model.arch.LayerInputs;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.Projection;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.RopeScaling;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.arch.writer.StreamWriter.Layout;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Gemma 4, its text: a Gemma 3 whose norms scale by w, with a norm on values, unscaled scores, and
/// heads of another width in layers without a window, where keys can be values. Blocks multiply the
/// stream with a number at last. The large model has experts beside its MLP. In the small ones a
/// layer has inputs of its own, and the last layers look at keys and values of earlier ones.
///
/// Source: `Gemma4TextConfig` and `modeling_gemma4.py` of transformers.
final class Gemma4Family extends Gemma2Family {

  private static final String OWN_WIDTH = "hidden_size_per_layer_input";
  private static final String BY_LAYER = "per_layer_config";
  private static final String KV_HEADS = "num_key_value_heads";
  private static final String ROPE = "rope_parameters";
  static final String BEFORE_MLP = "pre_feedforward_layernorm";
  static final String AFTER_MLP = "post_feedforward_layernorm";

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.object(ROPE).object(Windows.SLIDING).only("rope_type", "default");
    for (var layer : json.object(BY_LAYER).json().properties()) {
      for (String key : layer.getValue().propertyNames()) {
        if (!key.equals("head_dim") && !key.equals(KV_HEADS)) {
          throw json.unsupported(
              "\""
                  + BY_LAYER
                  + "\" sets \""
                  + key
                  + "\" of layer "
                  + layer.getKey()
                  + "; this version knows head_dim and "
                  + KV_HEADS
                  + " there.");
        }
      }
    }
    if (shared(json) >= json.require("num_hidden_layers")) {
      throw json.unsupported("no layer has keys and values of its own.");
    }
  }

  @Override
  void refuseLayerwiseRope(ConfigReader json) {}

  @Override
  void refusePartialRotation(ConfigReader json) {}

  /// Images alone are looked at in both directions.
  @Override
  Object[] bidirectionalKinds() {
    return new Object[] {"vision"};
  }

  @Override
  Norm norm(Blueprint plan, String name, long d) throws IOException {
    return plan.weights().rms(name, d, plan.json().requireEpsilon("rms_norm_eps"));
  }

  // ---- layers ----------------------------------------------------------------------------------

  @Override
  boolean slides(ConfigReader json, int layer) throws UnsupportedModelException {
    return layer < json.require("num_hidden_layers") - 1
        && Windows.slides(json, layer, l -> (l + 1) % PATTERN != 0);
  }

  /// Every so many layers one has no window, when the configuration names none.
  private static final int PATTERN = 6;

  /// How many of the last layers have no keys and values of their own.
  private static int shared(ConfigReader json) throws UnsupportedModelException {
    return json.countOrElse("num_kv_shared_layers", 0);
  }

  private static int firstShared(Blueprint plan) throws UnsupportedModelException {
    return plan.config().nLayers() - shared(plan.json());
  }

  /// The last layer of the same kind that has keys and values of its own.
  private int lender(Blueprint plan, int layer) throws UnsupportedModelException {
    boolean slides = slides(plan.json(), layer);
    for (int earlier = firstShared(plan) - 1; earlier >= 0; earlier--) {
      if (slides(plan.json(), earlier) == slides) {
        return earlier;
      }
    }
    throw plan.json()
        .unsupported("no layer has keys and values that layer " + layer + " could look at.");
  }

  private Attention.Shape heads(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    var config = plan.config();
    if (json.has(BY_LAYER)) {
      var own = json.object(BY_LAYER).object(String.valueOf(layer));
      return new Attention.Shape(
          config.nHeads(),
          own.orElse(KV_HEADS, config.nKvHeads()),
          own.orElse("head_dim", config.dHead()));
    }
    if (slides(json, layer)) {
      return plan.heads();
    }
    int kvHeads =
        json.flag("attention_k_eq_v")
            ? json.orElse("num_global_key_value_heads", config.nKvHeads())
            : config.nKvHeads();
    return new Attention.Shape(config.nHeads(), kvHeads, json.require("global_head_dim"));
  }

  // ---- attention -------------------------------------------------------------------------------

  @Override
  Attention.Input input(Blueprint plan, int layer) throws IOException {
    var shape = heads(plan, layer);
    if (shape.heads() % shape.kvHeads() != 0) {
      throw plan.json()
          .unsupported(shape.heads() + " heads cannot share " + shape.kvHeads() + " of keys.");
    }
    return new Attention.Input(
        projection(plan, layer, shape), shape, queryKeyNorm(plan, layer), position(plan, layer));
  }

  private Projection projection(Blueprint plan, int layer, Attention.Shape shape)
      throws IOException {
    String prefix = plan.layer(layer) + "self_attn.";
    var weights = plan.weights();
    long d = plan.config().dModel();
    var bias = inputBias(plan.json());
    var q = weights.linear(prefix + "q_proj", (long) shape.heads() * shape.dHead(), d, bias);
    if (layer >= firstShared(plan)) {
      return new Projection.Borrowing(q, lender(plan, layer));
    }
    long width = (long) shape.kvHeads() * shape.dHead();
    boolean one = plan.json().flag("attention_k_eq_v") && !slides(plan.json(), layer);
    var k = weights.linear(prefix + "k_proj", width, d, bias);
    return new Projection.NormedValues(
        q,
        k,
        one ? Optional.empty() : Optional.of(weights.linear(prefix + "v_proj", width, d, bias)),
        weights.rmsWithoutScale(
            prefix + "k_proj.weight", shape.dHead(), plan.json().requireEpsilon("rms_norm_eps")),
        shape.dHead());
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "self_attn.";
    int width = heads(plan, layer).dHead();
    return new QueryKeyNorm.EachHead(
        norm(plan, prefix + "q_norm", width),
        layer >= firstShared(plan) ? new Norm.Identity() : norm(plan, prefix + "k_norm", width));
  }

  @Override
  Linear output(Blueprint plan, int layer) throws IOException {
    var shape = heads(plan, layer);
    return plan.weights()
        .linear(
            plan.layer(layer) + "self_attn.o_proj",
            plan.config().dModel(),
            (long) shape.heads() * shape.dHead(),
            outputBias(plan.json()));
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    int width = heads(plan, layer).dHead();
    if (slides(json, layer)) {
      double theta =
          json.has(ROPE)
              ? json.object(ROPE).object(Windows.SLIDING).requireNumber("rope_theta")
              : json.requireNumber("rope_local_base_freq");
      return RopeReader.unscaled(json, theta, width);
    }
    double theta =
        json.has(ROPE)
            ? json.object(ROPE).object(Windows.FULL).requireNumber("rope_theta")
            : json.requireNumber("rope_theta");
    return json.object("rope_scaling").orElse("rope_type", "default").equals("proportional")
        ? RopeReader.rope(json, theta, width, proportional(json, width))
        : RopeReader.read(json, theta, width);
  }

  /// The first part of the frequencies turns, as if all did; the others stand still.
  private static RopeScaling proportional(ConfigReader json, int width)
      throws UnsupportedModelException {
    double part =
        json.has(ROPE)
            ? json.object(ROPE).object(Windows.FULL).orElse("partial_rotary_factor", 1.0)
            : json.requireNumber("partial_rotary_factor");
    double factor = json.object("rope_scaling").orElse("factor", 1.0);
    int turning = (int) (part * width) / 2;
    return new RopeScaling.PerFrequency(
        IntStream.range(0, width / 2)
            .mapToObj(i -> i < turning ? factor : Double.POSITIVE_INFINITY)
            .collect(Collectors.toList()));
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return Scoring.scaled(1)
        .withWindow(
            slides(json, layer)
                ? OptionalInt.of(json.require("sliding_window"))
                : OptionalInt.empty());
  }

  @Override
  OptionalDouble scoreCap(ConfigReader json) {
    return OptionalDouble.empty();
  }

  // ---- blocks ----------------------------------------------------------------------------------

  @Override
  Block block(Blueprint plan, int layer) throws IOException {
    boolean routed = plan.json().flag("enable_moe_block");
    var norms = norms(plan, layer);
    var experts = new Gemma4Experts(this, plan);
    return new Block(
        layer,
        routed ? Gemma4Experts.withRootAlone(plan, layer, norms) : norms,
        mixer(plan, layer),
        routed ? experts.read(layer, (Mlp.Dense) mlp(plan, layer)) : mlp(plan, layer),
        Block.Wiring.SEQUENTIAL,
        1,
        ending(plan, layer));
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    boolean wide = plan.json().flag("use_double_wide_mlp") && layer >= firstShared(plan);
    int width = Math.multiplyExact(plan.config().dMlp(), wide ? 2 : 1);
    return gated(plan, plan.layer(layer) + "mlp.", width);
  }

  private Ending ending(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer);
    double scale = plan.weights().number(prefix + "layer_scalar");
    int width = plan.json().countOrElse(OWN_WIDTH, 0);
    if (width == 0) {
      return new Ending(Optional.empty(), scale);
    }
    int d = plan.config().dModel();
    return new Ending(
        Optional.of(
            new Ending.Own(
                plan.weights().linear(prefix + "per_layer_input_gate", width, d, Bias.NONE),
                activation(plan),
                plan.weights().linear(prefix + "per_layer_projection", d, width, Bias.NONE),
                norm(plan, prefix + "post_per_layer_input_norm", d))),
        scale);
  }

  @Override
  Bias mlpBias(ConfigReader json) {
    return Bias.NONE;
  }

  // ---- embedding -------------------------------------------------------------------------------

  @Override
  Embedding embedding(Blueprint plan) throws IOException {
    var plain = super.embedding(plan);
    int width = plan.json().countOrElse(OWN_WIDTH, 0);
    if (width == 0) {
      return plain;
    }
    int all = Math.multiplyExact(width, plan.config().nLayers());
    var weights = plan.weights();
    var inputs =
        new LayerInputs(
            weights.table(
                plan.root() + "embed_tokens_per_layer.weight",
                plan.json().require("vocab_size_per_layer_input"),
                all),
            scale(plan, width),
            weights.linear(
                plan.root() + "per_layer_model_projection", all, plan.config().dModel(), Bias.NONE),
            norm(plan, plan.root() + "per_layer_projection_norm", width),
            width);
    return new Embedding(plain.tokens(), Optional.empty(), plain.scale(), Optional.of(inputs));
  }

  // ---- names -----------------------------------------------------------------------------------

  /// Layers that look at keys and values of others are stored with some that nobody looks at.
  @Override
  boolean isUnneeded(String name, Blueprint plan) throws UnsupportedModelException {
    return super.isUnneeded(name, plan)
        || IntStream.range(firstShared(plan), plan.config().nLayers())
            .mapToObj(layer -> plan.layer(layer) + "self_attn.")
            .flatMap(prefix -> Stream.of("k_proj", "v_proj", "k_norm").map(prefix::concat))
            .anyMatch(unread -> name.startsWith(unread + "."));
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withNorms("post_attention_layernorm.weight", AFTER_MLP + ".weight", 0)
        .withFurther(
            "mlp\\.down_proj\\.weight",
            Layout.COLUMNS,
            AFTER_MLP + "_1.weight",
            AFTER_MLP + ".weight")
        .withFurther(
            "experts\\.(\\d+\\.)?down_proj(\\.weight)?",
            Layout.COLUMNS,
            AFTER_MLP + "_2.weight",
            AFTER_MLP + ".weight")
        .withFurther(
            "per_layer_projection\\.weight", Layout.COLUMNS, "post_per_layer_input_norm.weight");
  }
}
