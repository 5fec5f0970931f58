package dev.demur.model.arch.family;

import dev.demur.model.arch.Activation;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.Unembedding;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Gemma 2: a Gemma with norms before and after attention and MLP, soft caps on scores and logits,
/// and a sliding window in every other layer.
///
/// Source: Gemma Team 2024 (arXiv 2408.00118).
class Gemma2Family extends GemmaFamily {

  @Override
  void refuseCaps(ConfigReader json) {}

  @Override
  void refuseWindows(ConfigReader json) {}

  @Override
  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    return around(
        plan,
        layer,
        List.of(
            "input_layernorm",
            "post_attention_layernorm",
            "pre_feedforward_layernorm",
            "post_feedforward_layernorm"));
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return Scoring.scaled(1 / Math.sqrt(json.requirePositive("query_pre_attn_scalar")))
        .withSoftcap(scoreCap(json))
        .withWindow(
            slides(json, layer)
                ? OptionalInt.of(json.require("sliding_window"))
                : OptionalInt.empty());
  }

  boolean slides(ConfigReader json, int layer) throws UnsupportedModelException {
    return Windows.slides(json, layer, l -> l % 2 == 0);
  }

  @Override
  Unembedding unembedding(Blueprint plan, Embedding embedding) throws IOException {
    var plain = super.unembedding(plan, embedding);
    return new Unembedding(
        plain.matrix(), plain.scale(), plan.json().positiveNumber("final_logit_softcapping"));
  }

  /// The bound on scores, where there is one.
  OptionalDouble scoreCap(ConfigReader json) throws UnsupportedModelException {
    return json.positiveNumber("attn_logit_softcapping");
  }

  @Override
  Activation activation(Blueprint plan) throws UnsupportedModelException {
    return plan.activation("hidden_activation");
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withNorms("post_attention_layernorm.weight", "post_feedforward_layernorm.weight", 1);
  }
}
