package dev.demur.model.arch.family;

import dev.demur.model.arch.Block;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Scoring;
import dev.demur.model.arch.Unembedding;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/// Granite 3: a Llama with constant factors on embeddings, scores, what blocks write, and logits.
///
/// Source: IBM's model cards (huggingface.co/ibm-granite) and `GraniteConfig` of transformers.
class GraniteFamily extends LlamaFamily {

  @Override
  void refuseMultipliers(ConfigReader json) {}

  @Override
  Embedding embedding(Blueprint plan) throws IOException {
    return new Embedding(
        super.embedding(plan).tokens(),
        Optional.empty(),
        plan.json().requireNumber("embedding_multiplier"));
  }

  @Override
  Block block(Blueprint plan, int layer) throws IOException {
    var plain = super.block(plan, layer);
    return new Block(
        layer,
        plain.norms(),
        plain.mixer(),
        plain.mlp(),
        plain.wiring(),
        plan.json().requireNumber("residual_multiplier"));
  }

  @Override
  Scoring scoring(Blueprint plan, int layer) throws UnsupportedModelException {
    return Scoring.scaled(plan.json().requireNumber("attention_multiplier"));
  }

  @Override
  Unembedding unembedding(Blueprint plan, Embedding embedding) throws IOException {
    double divisor = plan.json().requirePositive("logits_scaling");
    return new Unembedding(
        super.unembedding(plan, embedding).matrix(), 1 / divisor, OptionalDouble.empty());
  }
}
