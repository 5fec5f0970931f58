package dev.demur.model.kernel;

import java.util.Locale;

/// Rows of one matrix times one vector, or several.
///
/// How the kernels are written follows from how Java compiles them. A vector lives in a register
/// only within one compiled method, and becomes an object, at fifty times the price, where it is
/// handed from one to another. So each kernel's loop is one method; what it calls is so short (35
/// bytecodes) that it is always compiled into it; and loops that are written once are unrolled by
/// the compiler, whose patience with long methods ends before a kernel does.
interface Rows {

  /// Rows a kernel likes to take at once.
  int TOGETHER = 8;

  /// Products of rows `from` to `to` (exclusive), into y at the same places: `[vector, row]`.
  void multiply(int from, int to, float[] y);

  /// The kernel for a matrix.
  static Rows of(RowMatrix matrix, RowInput input) {
    if (matrix.columns() != input.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a matrix with rows of %d was given a vector of %d",
              matrix.columns(),
              input.length()));
    }
    if (input.vectors() > 1) {
      return together(matrix, input);
    }
    float[] x = input.arranged(matrix.type());
    return switch (matrix.type()) {
      case F32 -> new F32Rows(matrix, x);
      case BF16 -> new Bf16Rows(matrix, x);
      case Q8_0, Q4_0, Q4_1 ->
          switch (input.width()) {
            case SIXTEEN -> new ShortBlockRows(matrix, x);
            case EIGHT -> new ShortBlockRowsOfEight(matrix, x);
          };
      case Q4_K ->
          switch (input.width()) {
            case SIXTEEN -> new Q4KRows(matrix, x);
            case EIGHT -> new Q4KRowsOfEight(matrix, x);
          };
      case Q6_K ->
          switch (input.width()) {
            case SIXTEEN -> new Q6KRows(matrix, x);
            case EIGHT -> new Q6KRowsOfEight(matrix, x);
          };
    };
  }

  private static Rows together(RowMatrix matrix, RowInput input) {
    if (F32Together.takes(matrix)) {
      return new F32Together(matrix, input.vectors(), input.across());
    }
    return DecodedTogether.takes(matrix)
        ? new DecodedTogether(matrix, input.vectors(), input.across())
        : EachVector.of(matrix, input);
  }
}
