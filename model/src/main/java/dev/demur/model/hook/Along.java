package dev.demur.model.hook;

import dev.demur.model.kernel.RowMath;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// An edit that multiplies each row's component along a direction: x + (s − 1) (x·u) u. Factor 0
/// removes it: directional ablation.
///
/// What it is matters beside what it does: where a row is only added to the stream, it is scaled in
/// the sum, with fewer passes over memory than an edit of the row takes.
///
/// Source: Arditi et al. 2024 (arXiv 2406.11717), section 2.4.
public final class Along {

  /// Columns that kernels for bfloat16 like to have.
  private static final int KERNEL = 8;

  private final Tensor unit;
  private final double factor;
  private final float[] numbers;

  /// The direction as a sum of three bfloat16 vectors, and zeros, `[d_model, KERNEL]`.
  private final Tensor parts;

  /// @param unit u, `[d_model]`, float32, of length 1
  /// @param factor s
  Along(Tensor unit, double factor) {
    this.unit = unit;
    this.factor = factor;
    this.numbers = unit.toFloats();
    var first = unit.to(DType.BF16);
    var second = unit.minus(first.to(DType.F32)).to(DType.BF16);
    var third = unit.minus(first.to(DType.F32)).minus(second.to(DType.F32)).to(DType.BF16);
    var parts = new ArrayList<>(List.of(first, second, third));
    while (parts.size() < KERNEL) {
      parts.add(first.times(0));
    }
    this.parts = Tensor.stack(parts).transpose(0, 1);
  }

  /// The rows with their component scaled.
  ///
  /// @param x `[rows, d_model]`, float32
  Tensor of(Tensor x) {
    return x.plusOuter(x.dotRows(unit).times(factor - 1), unit);
  }

  /// Scales one of some rows that lie one behind the other.
  void of(float[] rows, int row) {
    RowMath.addAlong(rows, row * numbers.length, numbers, (float) (factor - 1));
  }

  /// Rows each scaled along a direction of its own, in a number of steps that does not grow with
  /// the number of directions.
  ///
  /// @param which index of each row's direction, −1 for none
  /// @param x `[rows, d_model]`, float32
  static Tensor each(List<Along> alongs, int[] which, Tensor x) {
    var factors = new float[which.length];
    var indices = new int[which.length];
    for (int row = 0; row < which.length; row++) {
      if (which[row] >= 0) {
        indices[row] = which[row];
        factors[row] = (float) (alongs.get(which[row]).factor - 1);
      }
    }
    var units = Tensor.stack(alongs.stream().map(along -> along.unit).toList());
    var own = units.rows(Tensor.ofIndices(IntStream.of(indices))); // [rows, d_model]
    var components = x.times(own).sum(1).times(Tensor.of(factors, factors.length));
    return x.plus(own.times(components.unsqueeze(1)));
  }

  /// A sum in which one part is scaled.
  ///
  /// @param sum of the part, not yet scaled, and other things, `[rows, d_model]`, float32; changed
  /// @param part `[rows, d_model]`, float32 or bfloat16
  public Tensor inSum(Tensor sum, Tensor part) {
    var component = part.dtype() == DType.BF16 ? part.dotRowsWithSum(parts) : part.dotRows(unit);
    var scaled = component.times(factor - 1);
    return Torch.gradients() ? sum.plusOuter(scaled, unit) : sum.addOuterInPlace(scaled, unit);
  }
}
