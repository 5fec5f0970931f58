package dev.demur.model.arch.family;

import dev.demur.model.arch.Activation;
import dev.demur.model.arch.GatedDelta;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.family.WeightReader.Bias;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/// Reads a layer with a gated DeltaNet (Qwen3-Next, Qwen3.5).
final class DeltaReader {

  private DeltaReader() {}

  /// How the matrices that read the stream are stored.
  enum Projections {
    /// Query, key, values and gates of each key head in turn.
    INTERLEAVED,
    /// One after the other.
    APART
  }

  static GatedDelta read(Blueprint plan, int layer, Activation activation, Projections projections)
      throws IOException {
    String prefix = plan.layer(layer) + "linear_attn.";
    var json = plan.json();
    var shape =
        new GatedDelta.Shape(
            json.require("linear_num_key_heads"),
            json.require("linear_key_head_dim"),
            json.require("linear_num_value_heads"),
            json.require("linear_value_head_dim"));
    var weights = plan.weights();
    return new GatedDelta(
        switch (projections) {
          case INTERLEAVED -> interleaved(plan, prefix, shape);
          case APART -> apart(plan, prefix, shape);
        },
        weights.convolution(
            prefix + "conv1d",
            2L * shape.keys() + shape.values(),
            json.require("linear_conv_kernel_dim"),
            Bias.NONE),
        activation,
        new GatedDelta.Decay(
            weights.vector(prefix + "A_log", shape.valueHeads()),
            weights.vector(prefix + "dt_bias", shape.valueHeads())),
        weights.rms(prefix + "norm", shape.dValue(), json.requireEpsilon("rms_norm_eps")),
        weights.linear(prefix + "out_proj", plan.config().dModel(), shape.values(), Bias.NONE));
  }

  private static GatedDelta.In apart(Blueprint plan, String prefix, GatedDelta.Shape shape)
      throws IOException {
    return new GatedDelta.In(
        inside(plan, prefix + "in_proj_qkv", 2 * shape.keys() + shape.values()),
        inside(plan, prefix + "in_proj_z", shape.values()),
        inside(plan, prefix + "in_proj_b", shape.valueHeads()),
        inside(plan, prefix + "in_proj_a", shape.valueHeads()),
        shape);
  }

  private static Linear inside(Blueprint plan, String name, int out) throws IOException {
    return plan.weights().linear(name, out, plan.config().dModel(), Bias.NONE);
  }

  /// One matrix holds query, key, values and gates of each key head in turn, another strengths and
  /// steps.
  private static GatedDelta.In interleaved(Blueprint plan, String prefix, GatedDelta.Shape shape)
      throws IOException {
    int groups = shape.keyHeads();
    int key = shape.dKey();
    int value = shape.valueHeads() / groups * shape.dValue();
    int each = 2 * key + 2 * value;
    var qkv =
        List.of(
                everyGroup(groups, each, 0, key),
                everyGroup(groups, each, key, key),
                everyGroup(groups, each, 2 * key, value))
            .stream()
            .flatMap(List::stream)
            .toList();
    boolean apart = plan.weights().has(prefix + "in_proj_qkv.weight"); // as GGUF has them
    var main =
        apart
            ? List.of(
                inside(plan, prefix + "in_proj_qkv", 2 * shape.keys() + shape.values()),
                inside(plan, prefix + "in_proj_z", shape.values()))
            : plan.weights()
                .sharedOut(
                    prefix + "in_proj_qkvz",
                    (long) groups * each,
                    plan.config().dModel(),
                    Bias.NONE,
                    List.of(qkv, everyGroup(groups, each, 2 * key + value, value)));
    int share = shape.valueHeads() / groups;
    var small =
        plan.weights()
            .sharedOut(
                prefix + "in_proj_ba",
                2L * shape.valueHeads(),
                plan.config().dModel(),
                Bias.NONE,
                List.of(
                    everyGroup(groups, 2 * share, 0, share),
                    everyGroup(groups, 2 * share, share, share)));
    return new GatedDelta.In(
        main.getFirst(), main.getLast(), small.getFirst(), small.getLast(), shape);
  }

  /// Some rows of each group of rows.
  ///
  /// @param of rows a group has
  static List<Integer> everyGroup(int groups, int of, int first, int count) {
    return IntStream.range(0, groups)
        .flatMap(group -> IntStream.range(group * of + first, group * of + first + count))
        .boxed()
        .toList();
  }
}
