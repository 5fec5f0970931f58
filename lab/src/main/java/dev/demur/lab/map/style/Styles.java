package dev.demur.lab.map.style;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Distributions of styles and how far apart they are.
public final class Styles {

  /// Fewer refusals have no distribution.
  private static final int LEAST = 5;

  private Styles() {}

  /// One direction's refusals.
  ///
  /// @param direction its name
  /// @param all styles of the refusals it brings about
  /// @param first styles of those of the direction's first half of prompts
  /// @param second the same of the second half
  record Brought(String direction, List<Style> all, List<Style> first, List<Style> second) {}

  static List<StyleRow> rows(List<Brought> brought) {
    var rows = new ArrayList<StyleRow>();
    for (var one : brought) {
      rows.add(
          new StyleRow(
              one.direction(),
              one.all().size(),
              shares(one.all()),
              enough(one.first(), one.second())
                  ? Optional.of(divergence(shares(one.first()), shares(one.second())))
                  : Optional.empty(),
              brought.stream()
                  .filter(
                      other ->
                          !other.direction().equals(one.direction())
                              && enough(one.all(), other.all()))
                  .map(
                      other ->
                          new StyleRow.Other(
                              other.direction(),
                              divergence(shares(one.all()), shares(other.all()))))
                  .toList()));
    }
    return rows;
  }

  private static boolean enough(List<Style> one, List<Style> two) {
    return Math.min(one.size(), two.size()) >= LEAST;
  }

  private static List<Double> shares(List<Style> styles) {
    return List.of(Style.values()).stream()
        .map(
            style ->
                styles.isEmpty()
                    ? 0.0
                    : (double) styles.stream().filter(style::equals).count() / styles.size())
        .toList();
  }

  /// Jensen-Shannon divergence in bits, 0 to 1.
  static double divergence(List<Double> one, List<Double> two) {
    return IntStream.range(0, one.size())
        .mapToDouble(
            i -> {
              double middle = (one.get(i) + two.get(i)) / 2;
              return (part(one.get(i), middle) + part(two.get(i), middle)) / 2;
            })
        .sum();
  }

  private static double part(double share, double middle) {
    return share == 0 ? 0 : share * Math.log(share / middle) / Math.log(2);
  }
}
