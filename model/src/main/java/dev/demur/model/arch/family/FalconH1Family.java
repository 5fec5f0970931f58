package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Beside;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mamba2;
import dev.demur.model.arch.Mamba2.Gating.Order;
import dev.demur.model.arch.Matrix;
import dev.demur.model.arch.Mixer;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.Unembedding;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Falcon-H1: attention and Mamba 2 side by side in every block, and a constant factor on almost
/// every product. The factors are multiplied into the matrices when they are read.
///
/// Source: Zuo et al. 2025 (arXiv 2507.22448) and `FalconH1Config` of transformers.
final class FalconH1Family extends LlamaFamily {

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    MambaReader.refuseBounds(json);
  }

  /// Its factors on the embedding and elsewhere are its own.
  @Override
  void refuseMultipliers(ConfigReader json) {}

  /// Every layer is of one kind whatever is said.
  @Override
  void refuseWindows(ConfigReader json) {}

  @Override
  Embedding embedding(Blueprint plan) throws IOException {
    var tokens = super.embedding(plan).tokens();
    return new Embedding(tokens, Optional.empty(), factor(plan, "embedding_multiplier"));
  }

  @Override
  Unembedding unembedding(Blueprint plan, Embedding embedding) throws IOException {
    return new Unembedding(
        super.unembedding(plan, embedding).matrix(),
        plan.json().requirePositive("lm_head_multiplier"),
        OptionalDouble.empty());
  }

  @Override
  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer);
    return Block.Norms.before(
        norm(plan, prefix + "input_layernorm", plan.config().dModel()),
        norm(plan, prefix + "pre_ff_layernorm", plan.config().dModel()));
  }

  @Override
  Norm finalNorm(Blueprint plan) throws IOException {
    return norm(plan, plan.root() + "final_layernorm", plan.config().dModel());
  }

  // ---- mixers ----------------------------------------------------------------------------------

  @Override
  Mixer mixer(Blueprint plan, int layer) throws IOException {
    return new Beside(
        new Attention(input(plan, layer), output(plan, layer), scoring(plan, layer)),
        mamba(plan, layer));
  }

  @Override
  Attention.Input input(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "self_attn.";
    long d = plan.config().dModel();
    var bias = inputBias(plan.json());
    var weights = plan.weights();
    double in = factor(plan, "attention_in_multiplier");
    double key = factor(plan, "key_multiplier");
    return new Attention.Input(
        times(weights.linear(prefix + "q_proj", plan.queryWidth(), d, bias), in, 1),
        times(weights.linear(prefix + "k_proj", plan.keyWidth(), d, bias), in * key, key),
        times(weights.linear(prefix + "v_proj", plan.keyWidth(), d, bias), in, 1),
        plan.heads(),
        queryKeyNorm(plan, layer),
        position(plan, layer));
  }

  @Override
  Linear output(Blueprint plan, int layer) throws IOException {
    double out = factor(plan, "attention_out_multiplier");
    return times(super.output(plan, layer), out, out);
  }

  private Mamba2 mamba(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mamba.";
    var json = plan.json();
    int d = plan.config().dModel();
    int inner =
        json.has("mamba_d_ssm")
            ? json.require("mamba_d_ssm")
            : Math.multiplyExact(json.require("mamba_expand"), d);
    var shape = MambaReader.shape(json, inner);
    var in = MambaReader.in(plan, prefix + "in_proj", shape, json.bias("mamba_proj_bias"));
    double out = factor(plan, "ssm_out_multiplier");
    return new Mamba2(
        scaled(plan, in),
        plan.weights()
            .convolution(
                prefix + "conv1d",
                shape.values() + 2L * shape.keys(),
                json.require("mamba_d_conv"),
                json.bias("mamba_conv_bias")),
        activation(plan),
        MambaReader.dynamics(plan, prefix, shape),
        gating(plan, prefix, shape),
        times(
            plan.weights()
                .linear(prefix + "out_proj", d, shape.values(), json.bias("projectors_bias")),
            out,
            out));
  }

  private static Mamba2.Gating gating(Blueprint plan, String prefix, Mamba2.Shape shape)
      throws IOException {
    var json = plan.json();
    return new Mamba2.Gating(
        json.requireFlag("mamba_norm_before_gate") ? Order.NORM_FIRST : Order.GATE_FIRST,
        json.requireFlag("mamba_rms_norm")
            ? Optional.of(MambaReader.norm(plan, prefix + "norm", shape))
            : Optional.empty());
  }

  /// Factors on gate, values, keys, queries and steps, in this order.
  private static Mamba2.In scaled(Blueprint plan, Mamba2.In in) throws UnsupportedModelException {
    var factors = factors(plan, "ssm_multipliers", 5);
    double all = factor(plan, "ssm_in_multiplier");
    int values = in.shape().values();
    int keys = in.shape().keys();
    float[] rows = new float[values + 2 * keys];
    Arrays.fill(rows, 0, values, factors.get(1).floatValue());
    Arrays.fill(rows, values, values + keys, factors.get(2).floatValue());
    Arrays.fill(rows, values + keys, rows.length, factors.get(3).floatValue());
    return new Mamba2.In(
        times(in.gate(), all * factors.get(0), factors.get(0)),
        times(in.vkq(), all, Tensor.of(rows, rows.length)),
        times(in.step(), all * factors.get(4), factors.get(4)),
        in.shape());
  }

  // ---- MLP -------------------------------------------------------------------------------------

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "feed_forward.";
    long d = plan.config().dModel();
    int width = plan.config().dMlp();
    var bias = mlpBias(plan.json());
    var factors = factors(plan, "mlp_multipliers", 2);
    double gate = factors.get(0);
    double down = factors.get(1);
    return new Mlp.Gated(
        times(plan.weights().linear(prefix + "gate_proj", width, d, bias), gate, gate),
        plan.weights().linear(prefix + "up_proj", width, d, bias),
        times(plan.weights().linear(prefix + "down_proj", d, width, bias), down, down),
        activation(plan));
  }

  // ---- factors ---------------------------------------------------------------------------------

  private static double factor(Blueprint plan, String key) throws UnsupportedModelException {
    return plan.json().requireNumber(key);
  }

  /// Some factors; ones where nothing is said.
  private static List<Double> factors(Blueprint plan, String key, int count)
      throws UnsupportedModelException {
    var factors = plan.json().numbers(key);
    if (factors.isEmpty()) {
      return Collections.nCopies(count, 1.0);
    }
    if (factors.size() != count) {
      throw plan.json()
          .unsupported(
              "\"" + key + "\" has " + factors.size() + " numbers, expected " + count + ".");
    }
    return factors;
  }

  private static Linear times(Linear linear, double onWeight, double onBias) {
    return new Linear(
        onWeight == 1
            ? linear.matrix()
            : new Matrix.Dense(linear.matrix().values().times(onWeight)),
        linear.bias().map(bias -> onBias == 1 ? bias : bias.times(onBias)));
  }

  /// @param rows factor of each row, `[out]`
  private static Linear times(Linear linear, double onWeight, Tensor rows) {
    var type = linear.matrix().dtype();
    var weight = linear.matrix().values().to(DType.F32);
    var scaled = weight.times(rows.reshape(-1, 1).times(onWeight)).to(type);
    return new Linear(scaled, linear.bias().map(b -> b.to(DType.F32).times(rows).to(type)));
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withAttention("(self_attn\\.o_proj|mamba\\.out_proj)")
        .withMlp("feed_forward\\.down_proj");
  }
}
