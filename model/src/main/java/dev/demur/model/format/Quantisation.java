package dev.demur.model.format;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// How the weights of a folder are quantised, as `quantization_config` of its `config.json` says.
public sealed interface Quantisation {

  /// Nothing is said.
  record None() implements Quantisation {}

  /// Numbers of a type of their own with scales, which the files explain by themselves: float8 and
  /// MXFP4.
  record Floating() implements Quantisation {}

  /// GPTQ, as AutoGPTQ and GPTQModel write it.
  ///
  /// @param bits of a weight
  /// @param groupSize inputs that share a scale, −1 for all; a stored `g_idx` wins
  /// @param zeros how zero points are stored
  record Gptq(int bits, int groupSize, Zeros zeros) implements Quantisation {}

  /// AWQ in four bits, in the layout named GEMM.
  ///
  /// @param groupSize inputs that share a scale, −1 for all
  record Awq(int groupSize) implements Quantisation {}

  /// compressed-tensors: whole numbers, packed or not, and float8.
  ///
  /// @param schemes of whole numbers that its matrices have
  /// @param activations whether the checkpoint's own runtime rounds activations, too
  record CompressedTensors(List<Scheme> schemes, Activations activations) implements Quantisation {

    public CompressedTensors {
      schemes = List.copyOf(schemes);
    }
  }

  /// Whole numbers with scales.
  ///
  /// @param bits of a weight
  /// @param groupSize inputs that share a scale, −1 for all
  /// @param zero where they are read from
  record Scheme(int bits, int groupSize, Zero zero) {

    @Override
    public String toString() {
      return bits
          + " bits, "
          + (groupSize < 0 ? "a scale for each output" : "groups of " + groupSize)
          + (zero == Zero.STORED ? ", zero points" : "");
    }
  }

  /// How GPTQ stores zero points.
  enum Zeros {
    /// One less than they are (`gptq`).
    LESS_ONE,
    /// As they are (`gptq_v2`).
    AS_THEY_ARE
  }

  /// What stands for zero.
  enum Zero {
    /// The middle of the range.
    MIDDLE,
    /// A zero point in the file.
    STORED
  }

  /// What becomes of activations where the checkpoint was made to run.
  enum Activations {
    KEPT,
    ROUNDED
  }

  /// What the configuration of a model says.
  ///
  /// @param model its name, for messages
  /// @throws UnsupportedModelException if the method, or the form of it, is not read here
  static Quantisation of(String model, JsonNode config) throws UnsupportedModelException {
    return new QuantisationReader(model, config).read();
  }
}
