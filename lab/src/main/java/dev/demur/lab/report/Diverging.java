package dev.demur.lab.report;

import dev.demur.lab.report.Cell.Unit;
import java.util.List;

/// Colours of less and more than nothing.
public final class Diverging {

  /// Blue to red through white, even on both sides.
  private static final List<String> COLOURS =
      List.of("#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fddbc7", "#ef8a62", "#b2182b");

  private Diverging() {}

  /// The scale of a drawing whose third number is a colour.
  ///
  /// @param reach the largest value, and the least below 0
  public static Option colours(double reach, Unit unit) {
    return Option.of("type", "continuous")
        .with("dimension", 2)
        .with("min", -reach)
        .with("max", reach)
        .with("calculable", false)
        .with("hoverLink", false)
        .with("orient", "horizontal")
        .with("right", 16)
        .with("top", 0)
        .with("itemWidth", 12)
        .with("itemHeight", 180)
        .with("text", List.of(Numbers.amount(reach, unit), Numbers.amount(-reach, unit)))
        .with("inRange", Option.of("color", COLOURS));
  }
}
