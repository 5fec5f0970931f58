package dev.demur.lab.stats;

import java.util.function.DoubleUnaryOperator;

/// Where a falling function passes zero.
final class Bisection {

  private static final int STEPS = 80; // from a width of 2 to below the spacing of doubles

  private Bisection() {}

  static double crossing(DoubleUnaryOperator falling, double low, double high) {
    double from = low;
    double to = high;
    for (int i = 0; i < STEPS; i++) {
      double middle = (from + to) / 2;
      if (middle == from || middle == to) { // no double lies between
        break;
      }
      if (falling.applyAsDouble(middle) > 0) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return (from + to) / 2;
  }
}
