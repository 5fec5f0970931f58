package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.ExpertChoice;
import dev.demur.model.arch.ExpertChoice.Weights;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Mixer;
import dev.demur.model.arch.MixtureOfExperts;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;

/// gpt-oss: experts with biases and a clipped gate, a sink beside the scores of each head, a
/// sliding window in every other layer, biases in attention, YaRN.
///
/// Source: OpenAI 2025 (arXiv 2508.10925) and `modeling_gpt_oss.py` of transformers.
final class GptOssFamily extends LlamaFamily {

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.only("hidden_act", "silu");
  }

  @Override
  void refuseWindows(ConfigReader json) {}

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return super.scoring(plan, layer)
        .withWindow(
            Windows.slides(json, layer, l -> l % 2 == 0)
                ? OptionalInt.of(json.require("sliding_window"))
                : OptionalInt.empty());
  }

  @Override
  Mixer mixer(Blueprint plan, int layer) throws IOException {
    var sinks =
        plan.weights().vector(plan.layer(layer) + "self_attn.sinks", plan.config().nHeads());
    return new Attention(
        input(plan, layer), output(plan, layer), scoring(plan, layer).withSinks(sinks));
  }

  @Override
  Mlp mlp(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer) + "mlp.";
    var json = plan.json();
    var weights = plan.weights();
    int count = json.require("num_local_experts");
    int d = plan.config().dModel();
    int width = plan.config().dMlp();
    String name = prefix + "experts.";
    var gateUp = weights.stacked(name + "gate_up_proj", count, d, 2L * width);
    var gateUpBias = weights.matrix(name + "gate_up_proj_bias", count, 2L * width);
    var down = weights.stacked(name + "down_proj", count, width, d);
    var downBias = weights.matrix(name + "down_proj_bias", count, d);
    double alpha = json.requireNumber("swiglu_alpha");
    double limit = json.requirePositive("swiglu_limit");
    var experts = new ArrayList<Mlp>();
    for (int expert = 0; expert < count; expert++) {
      experts.add(
          new Mlp.ClippedGated(
              new Linear(gateUp.row(expert).transpose(0, 1), Optional.of(gateUpBias.row(expert))),
              new Linear(down.row(expert).transpose(0, 1), Optional.of(downBias.row(expert))),
              alpha,
              limit));
    }
    return new MixtureOfExperts(
        weights.router(prefix + "router", count, d),
        ExpertChoice.of(json.require("num_experts_per_tok"), Weights.OF_CHOSEN),
        experts,
        Optional.empty());
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames().withStackedMlp("mlp\\.experts\\.down_proj");
  }
}
