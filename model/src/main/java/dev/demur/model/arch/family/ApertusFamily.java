package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Xielu;
import dev.demur.model.arch.family.WeightReader.Bias;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/// Apertus: a Llama with a plain MLP whose activation has weights of its own (xIELU), RMS norms on
/// the query and key of each head, and other names for the norms.
///
/// Source: Apertus Team 2025 (arXiv 2509.14233) and `modeling_apertus.py` of transformers.
final class ApertusFamily extends LlamaFamily {

  private static final String XIELU = "xielu";
  private static final String SCALING = "rope_scaling";

  /// Where nothing is said of a scaling, transformers' class takes its own, and its own base with
  /// it.
  @Override
  ConfigReader configuration(ConfigReader json) {
    if (json.has(SCALING) || !(json.json() instanceof ObjectNode whole)) {
      return json;
    }
    var text = whole.deepCopy();
    text.remove("rope_theta");
    return new ConfigReader(json.model(), text);
  }

  @Override
  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer);
    return Block.Norms.before(
        norm(plan, prefix + "attention_layernorm", plan.config().dModel()),
        norm(plan, prefix + "feedforward_layernorm", plan.config().dModel()));
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return Qwen3Family.eachHead(this, plan, layer);
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mlp.";
    int d = plan.config().dModel();
    int width = plan.config().dMlp();
    var up = plan.weights().linear(prefix + "up_proj", width, d, Bias.NONE);
    var down = plan.weights().linear(prefix + "down_proj", d, width, Bias.NONE);
    return plan.json().requireText("hidden_act").equals(XIELU)
        ? new Mlp.Bent(up, down, xielu(plan.weights(), prefix + "act_fn."))
        : new Mlp.Plain(up, down, activation(plan));
  }

  private static Xielu xielu(WeightReader weights, String prefix) throws IOException {
    double beta = weights.number(prefix + "beta");
    return new Xielu(
        softplus(weights.number(prefix + "alpha_p")),
        beta + softplus(weights.number(prefix + "alpha_n")),
        beta,
        weights.number(prefix + "eps"));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  @Override
  Bias mlpBias(ConfigReader json) throws UnsupportedModelException {
    return Bias.NONE;
  }
}
