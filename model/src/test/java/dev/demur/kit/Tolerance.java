package dev.demur.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.tensor.Tensor;

/// How far numbers may lie from the expected ones, and why they may.
///
/// @param share of the largest finite expected value
/// @param least allowed whatever the size of the expected values
/// @param reason what makes correct numbers differ
public record Tolerance(double share, double least, String reason) {

  /// The bound the project sets itself for two float32 implementations.
  public static final Tolerance FLOAT32 =
      ofLargest(1e-4, "float32 sums in another order; the bound the project sets itself");

  /// A share of the largest expected value.
  public static Tolerance ofLargest(double share, String reason) {
    return new Tolerance(share, 0, reason);
  }

  /// A share of the largest expected value, or of 1 where all are smaller.
  public static Tolerance ofLargestOrOne(double share, String reason) {
    return new Tolerance(share, share, reason);
  }

  /// The same share of a size the test knows.
  public Tolerance at(double size) {
    return new Tolerance(0, share * size, reason);
  }

  /// Fails unless the values are close; NaN is close to nothing, infinity to itself.
  public static void assertClose(Tensor actual, Tensor expected, Tolerance tolerance) {
    assertClose("values", actual, expected, tolerance);
  }

  /// The same, with a name for the message.
  public static void assertClose(String what, Tensor actual, Tensor expected, Tolerance within) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    assertClose(what, actual.toFloats(), expected.toFloats(), within);
  }

  /// The same for one number.
  public static void assertClose(String what, double actual, double expected, Tolerance within) {
    check(what, actual, expected, within.allowed(Math.abs(expected)), within);
  }

  /// The same for the numbers of a file.
  public static void assertClose(String what, float[] actual, float[] expected, Tolerance within) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 0;
    for (float value : expected) {
      largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    for (int i = 0; i < expected.length; i++) {
      check(what + ", element " + i, actual[i], expected[i], within.allowed(largest), within);
    }
  }

  private double allowed(double largest) {
    return Math.max(least, share * largest);
  }

  private static void check(
      String what, double actual, double expected, double allowed, Tolerance within) {
    if (actual != expected && !(Math.abs(actual - expected) <= allowed)) {
      throw new AssertionError(
          what
              + ": "
              + actual
              + " instead of "
              + expected
              + ", further than "
              + allowed
              + " ("
              + within.reason
              + ")");
    }
  }
}
