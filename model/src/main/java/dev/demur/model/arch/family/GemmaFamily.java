package dev.demur.model.arch.family;

import dev.demur.model.arch.Activation;
import dev.demur.model.arch.Embedding;
import dev.demur.model.arch.Norm;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.Optional;

/// Gemma 1: a Llama whose norms scale by 1 + w, whose embeddings are multiplied by √d_model, and
/// whose gate is a GELU; embeddings are tied.
///
/// Source: Gemma Team 2024 (arXiv 2403.08295).
class GemmaFamily extends LlamaFamily {

  @Override
  Embedding embedding(Blueprint plan) throws IOException {
    var table = super.embedding(plan).tokens();
    return new Embedding(table, Optional.empty(), scale(plan, plan.config().dModel()));
  }

  /// The root of a width in the type of the weights: transformers rounds it, and so did training.
  static double scale(Blueprint plan, int width) {
    var exact = Tensor.ofDoubles(new double[] {Math.sqrt(width)}, 1);
    return exact.to(plan.weights().dtype()).to(DType.F64).item();
  }

  @Override
  Norm norm(Blueprint plan, String name, long d) throws IOException {
    return plan.weights().rmsPlusOne(name, d, plan.json().requireEpsilon("rms_norm_eps"));
  }

  @Override
  Activation activation(Blueprint plan) throws UnsupportedModelException {
    var named = plan.activation("hidden_act");
    // The first releases say "gelu" and mean its tanh approximation.
    return named == Activation.GELU ? Activation.GELU_TANH : named;
  }
}
