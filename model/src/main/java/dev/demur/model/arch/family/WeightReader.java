package dev.demur.model.arch.family;

import dev.demur.model.arch.Convolution;
import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Matrix;
import dev.demur.model.arch.Norm;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.StoredMatrix;
import dev.demur.model.format.UnsupportedModelException;
import dev.demur.model.format.Weights;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.ShapeException;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Loads a family's tensors, checks each against the shape its configuration asks for, and
/// remembers which it gave out, so that none is left unread unnoticed.
final class WeightReader {

  /// Whether a family, or a flag of its configuration, gives a matrix a bias.
  enum Bias {
    /// The one in the file; zero where there is none.
    WHERE_STORED,
    NONE
  }

  private final String model;
  private final Weights weights;
  private final Holding holding;
  private final Set<String> read = new HashSet<>();

  /// @param holding how matrices are held; norms and routers are always in memory and float32
  WeightReader(ModelFiles files, Holding holding) {
    this.model = files.name();
    this.weights = files.weights();
    this.holding = holding;
  }

  DType dtype() {
    return holding.dtype();
  }

  boolean has(String name) {
    return weights.names().contains(name);
  }

  /// Whether two tensors hold the same numbers.
  boolean areCopies(String name, String other) throws IOException {
    if (!has(name) || !weights.info(name).shape().equals(weights.info(other).shape())) {
      return false;
    }
    try (var _ = Scope.open()) {
      // bfloat16 needs no copy in memory, and float32 holds what every other type does.
      var type = weights.info(name).type().equals("BF16") ? DType.BF16 : DType.F32;
      return weights.load(name, type).segment().mismatch(weights.load(other, type).segment()) < 0;
    }
  }

  /// A matrix `NAME.weight` `[out, in]`, with its bias when the checkpoint has one.
  Linear linear(String name, long out, long in) throws IOException {
    String weight = name + ".weight";
    return new Linear(table(weight, out, in), bias(name, dtype(), out));
  }

  /// A matrix `NAME.weight` `[out, in]`. A bias nobody asked for is left unread, and so refused.
  Linear linear(String name, long out, long in, Bias bias) throws IOException {
    return switch (bias) {
      case WHERE_STORED -> linear(name, out, in);
      case NONE -> new Linear(table(name + ".weight", out, in), Optional.empty());
    };
  }

  /// A matrix `NAME.weight` `[out, in]` that holds the rows of several.
  ///
  /// @param rows which rows each of them has
  List<Linear> sharedOut(String name, long out, long in, Bias bias, List<List<Integer>> rows)
      throws IOException {
    try (var scope = Scope.open()) {
      var whole = linear(name, out, in, bias);
      var parts = new ArrayList<Linear>();
      for (var part : rows) {
        var indices = Tensor.ofIndices(part.stream().mapToInt(Integer::intValue));
        parts.add(
            new Linear(
                scope.keep(whole.matrix().at(indices)),
                whole.bias().map(b -> scope.keep(b.rows(indices)))));
      }
      return parts;
    }
  }

  /// A matrix whose products decide between experts, in float32.
  Linear router(String name, long out, long in) throws IOException {
    return new Linear(load(name + ".weight", DType.F32, out, in), bias(name, DType.F32, out));
  }

  /// A matrix GPT-2 keeps as `[in, out]`, with its bias.
  Linear transposed(String name, long out, long in) throws IOException {
    try (var scope = Scope.open()) {
      var weight = load(name + ".weight", dtype(), in, out).transpose(0, 1).contiguous();
      return new Linear(scope.keep(weight), bias(name, dtype(), out).map(scope::keep));
    }
  }

  /// A table or matrix, in memory or where it is stored.
  Matrix table(String name, long rows, long columns) throws IOException {
    var stored =
        switch (holding.quantised()) {
          case DECODED -> Optional.<StoredMatrix>empty();
          case AS_STORED -> weights.stored(name, dtype());
          case FOR_KERNELS ->
              weights.stored(name, dtype()).filter(matrix -> matrix.forRows().isPresent());
        };
    if (stored.isPresent()) {
      requireShape(name, rows, columns);
      read.add(name);
      return new Matrix.Stored(stored.get(), dtype());
    }
    return new Matrix.Dense(load(name, dtype(), rows, columns));
  }

  /// A matrix of the model's type in memory.
  Tensor matrix(String name, long rows, long columns) throws IOException {
    return load(name, dtype(), rows, columns);
  }

  /// Several matrices in one tensor, of the model's type.
  Tensor stacked(String name, long count, long rows, long columns) throws IOException {
    return load(name, dtype(), count, rows, columns);
  }

  /// A table in float32.
  Tensor floats(String name, long rows, long columns) throws IOException {
    return load(name, DType.F32, rows, columns);
  }

  /// A vector in float32.
  Tensor vector(String name, long d) throws IOException {
    return load(name, DType.F32, d);
  }

  /// A convolution of channels each for itself, `NAME.weight` `[channel, 1, kernel]`, float32.
  Convolution convolution(String name, long channels, long kernel, Bias bias) throws IOException {
    try (var scope = Scope.open()) {
      var weight = load(name + ".weight", DType.F32, channels, 1, kernel);
      return new Convolution(
          scope.keep(weight.reshape(channels, kernel)),
          switch (bias) {
            case WHERE_STORED -> bias(name, DType.F32, channels).map(scope::keep);
            case NONE -> Optional.empty();
          });
    }
  }

  /// A vector in float32 that is stored as the one row of a matrix.
  Tensor onlyRow(String name, long d) throws IOException {
    return load(name, DType.F32, 1, d).reshape(d);
  }

  /// An RMS norm `NAME.weight` `[d]`.
  Norm rms(String name, long d, double eps) throws IOException {
    return new Norm.Rms(vector(name + ".weight", d), eps);
  }

  /// An RMS norm that does not scale.
  ///
  /// @param beside a tensor on whose device it runs
  Norm rmsWithoutScale(String beside, long d, double eps) {
    return new Norm.Rms(Tensor.zeros(holding.placement().of(beside), DType.F32, d).plus(1), eps);
  }

  /// An RMS norm whose scale is one more than `NAME.weight` `[d]` (Gemma).
  Norm rmsPlusOne(String name, long d, double eps) throws IOException {
    return new Norm.Rms(vector(name + ".weight", d).plus(1), eps);
  }

  /// A LayerNorm `NAME.weight` `[d]`, with its bias when the checkpoint has one.
  Norm layer(String name, long d, double eps) throws IOException {
    return new Norm.Layer(vector(name + ".weight", d), bias(name, DType.F32, d), eps);
  }

  /// A LayerNorm without scale and bias, where `name` would be.
  Norm layerOfOnes(String name, long d, double eps) {
    var ones = Tensor.zeros(holding.placement().of(name + ".weight"), DType.F32, d).plus(1);
    return new Norm.Layer(ones, Optional.empty(), eps);
  }

  /// A tensor of a single number.
  double number(String name) throws IOException {
    var info = weights.info(name);
    if (info.elements() != 1) {
      throw new ShapeException(
          "tensor \"" + name + "\" has shape " + info.shape() + ", expected one number");
    }
    read.add(name);
    try (var _ = Scope.open()) {
      return weights.load(name, DType.F32).item();
    }
  }

  /// Tensors nobody asked for.
  List<String> unread() {
    return weights.names().stream().filter(name -> !read.contains(name)).toList();
  }

  /// What is said of a tensor nobody asked for and the model cannot do without: it belongs to a
  /// feature that would otherwise be missing without a word.
  UnsupportedModelException homeless(String tensor) {
    return new UnsupportedModelException(
        model
            + ": tensor \""
            + tensor
            + "\" has no place in this model family; it was probably made by a variant this"
            + " version does not know.");
  }

  /// The bias of a matrix, where there is one.
  Optional<Tensor> bias(String name, DType type, long out) throws IOException {
    String bias = name + ".bias";
    return has(bias) ? Optional.of(load(bias, type, out)) : Optional.empty();
  }

  private Tensor load(String name, DType type, long... shape) throws IOException {
    requireShape(name, shape);
    read.add(name);
    var device = holding.placement().of(name);
    if (device.isHost()) {
      return weights.load(name, type);
    }
    try (var scope = Scope.open()) {
      return scope.keep(weights.load(name, type).on(device, this::giveBack));
    } finally {
      giveBack();
    }
  }

  /// The host need not hold what a card does.
  private void giveBack() {
    weights.mapped().forEach(MemorySegment::unload);
  }

  private void requireShape(String name, long... shape) throws IOException {
    List<Long> expected = Arrays.stream(shape).boxed().toList();
    List<Long> found = weights.info(name).shape();
    if (!found.equals(expected)) {
      throw new ShapeException(
          "tensor \""
              + name
              + "\" has shape "
              + found
              + ", the configuration asks for "
              + expected);
    }
  }
}
