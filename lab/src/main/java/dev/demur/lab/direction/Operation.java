package dev.demur.lab.direction;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What a direction can be used for.
public enum Operation {
  /// Taking the component along it away; its length says nothing.
  ABLATION,
  /// Adding it; its length says how far.
  ADDITION;

  /// The name in files and flags.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Reads names with commas between.
  ///
  /// @throws IllegalArgumentException if there is none, or one of them is not an operation
  public static Set<Operation> parse(String text) {
    var operations = EnumSet.noneOf(Operation.class);
    for (String name : text.split(",", -1)) {
      operations.add(
          Arrays.stream(values())
              .filter(operation -> operation.text().equals(name.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "an operation is ablation or addition, was \"" + name.strip() + "\"")));
    }
    return operations;
  }

  /// The names with commas between, in a fixed order.
  static String text(Collection<Operation> operations) {
    return operations.stream().sorted().map(Operation::text).collect(Collectors.joining(", "));
  }
}
