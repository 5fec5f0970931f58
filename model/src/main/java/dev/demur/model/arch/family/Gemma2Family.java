package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.Unembedding;
import dev.demur.model.arch.writer.WriterNames;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Gemma 2: a Gemma with norms before and after attention and MLP, soft caps on scores and logits,
/// and a sliding window in every other layer.
///
/// Source: Gemma Team 2024 (arXiv 2408.00118).
class Gemma2Family extends GemmaFamily {

  private static final double SCORE_CAP = 50;
  private static final double LOGIT_CAP = 30;
  private static final int WINDOW = 4096;
  private static final double QUERY_SCALAR = 256;

  @Override
  void refuseCaps(ConfigReader json) {}

  @Override
  void refuseWindows(ConfigReader json) {}

  @Override
  Block.Norms norms(Blueprint plan, int layer) throws IOException {
    String prefix = plan.layer(layer);
    int d = plan.config().dModel();
    return new Block.Norms(
        norm(plan, prefix + "input_layernorm", d),
        norm(plan, prefix + "post_attention_layernorm", d),
        norm(plan, prefix + "pre_feedforward_layernorm", d),
        norm(plan, prefix + "post_feedforward_layernorm", d));
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    double scalar = json.positiveNumber("query_pre_attn_scalar").orElse(QUERY_SCALAR);
    return Scoring.scaled(1 / Math.sqrt(scalar))
        .withSoftcap(cap(json, "attn_logit_softcapping", usualScoreCap()))
        .withWindow(
            slides(json, layer)
                ? OptionalInt.of(json.orElse("sliding_window", WINDOW))
                : OptionalInt.empty());
  }

  boolean slides(ConfigReader json, int layer) throws UnsupportedModelException {
    return Windows.slides(json, layer, l -> l % 2 == 0);
  }

  @Override
  Unembedding unembedding(Blueprint plan, Embedding embedding) throws IOException {
    var plain = super.unembedding(plan, embedding);
    return new Unembedding(
        plain.matrix(),
        plain.scale(),
        cap(plan.json(), "final_logit_softcapping", usualLogitCap()));
  }

  /// The cap on scores when the configuration does not mention one.
  OptionalDouble usualScoreCap() {
    return OptionalDouble.of(SCORE_CAP);
  }

  /// The cap on logits when the configuration does not mention one.
  OptionalDouble usualLogitCap() {
    return OptionalDouble.of(LOGIT_CAP);
  }

  /// A cap that is absent means the usual one; one that is null means none.
  private static OptionalDouble cap(ConfigReader json, String key, OptionalDouble usual)
      throws UnsupportedModelException {
    return json.json().has(key) ? json.positiveNumber(key) : usual;
  }

  @Override
  WriterNames writerNames() {
    return super.writerNames()
        .withNorms("post_attention_layernorm.weight", "post_feedforward_layernorm.weight", 1);
  }
}
