package dev.demur.model.arch.family;

import dev.demur.model.arch.Mamba2;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;

/// Reads Mamba 2 layers as transformers names their keys and tensors.
final class MambaReader {

  private MambaReader() {}

  /// A layer's shape.
  ///
  /// @param inner elements of all values
  static Mamba2.Shape shape(ConfigReader json, int inner) throws UnsupportedModelException {
    int heads = json.require("mamba_n_heads");
    boolean whole = json.json().path("mamba_d_head").asString("").equals("auto");
    int width = whole ? inner / heads : json.require("mamba_d_head");
    if (Math.multiplyFull(width, heads) != inner) {
      throw json.unsupported(
          heads + " Mamba heads of width " + width + " do not make up " + inner + " values.");
    }
    return new Mamba2.Shape(
        heads, width, json.require("mamba_n_groups"), json.require("mamba_d_state"));
  }

  /// Refuses bounds on steps, which transformers keeps to when it reads a prompt and not when it
  /// writes.
  static void refuseBounds(ConfigReader json) throws UnsupportedModelException {
    var limit = json.json().path("time_step_limit");
    boolean unbounded =
        limit.isMissingNode()
            || (limit.size() == 2
                && limit.get(0).asDouble(1) == 0
                && !Double.isFinite(limit.get(1).asDouble(0)));
    if (!unbounded) {
      throw json.unsupported(
          "config key \"time_step_limit\" is " + limit + ", expected it to be absent.");
    }
  }

  /// Gate, convolved part and steps of one matrix.
  static Mamba2.In in(Blueprint plan, String name, Mamba2.Shape shape, Bias bias)
      throws IOException {
    long inner = shape.values();
    long convolved = inner + 2L * shape.keys();
    var all =
        plan.weights()
            .linear(name, inner + convolved + shape.heads(), plan.config().dModel(), bias);
    return new Mamba2.In(
        all.rows(0, inner),
        all.rows(inner, convolved),
        all.rows(inner + convolved, shape.heads()),
        shape);
  }

  static Mamba2.Dynamics dynamics(Blueprint plan, String prefix, Mamba2.Shape shape)
      throws IOException {
    var weights = plan.weights();
    return new Mamba2.Dynamics(
        weights.vector(prefix + "A_log", shape.heads()),
        weights.vector(prefix + "dt_bias", shape.heads()),
        weights.vector(prefix + "D", shape.heads()));
  }

  /// A norm of each group of heads.
  static Mamba2.GroupNorm norm(Blueprint plan, String name, Mamba2.Shape shape) throws IOException {
    if (shape.values() % shape.groups() != 0) {
      throw plan.json().unsupported("Mamba values cannot be shared out evenly among groups.");
    }
    var weight = plan.weights().vector(name + ".weight", shape.values());
    return new Mamba2.GroupNorm(
        weight.reshape(shape.groups(), -1), plan.json().requireEpsilon("rms_norm_eps"));
  }
}
