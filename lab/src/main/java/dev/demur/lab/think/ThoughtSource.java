package dev.demur.lab.think;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Where the thought before an answer comes from.
public enum ThoughtSource {
  /// The model writes it, unedited.
  OWN,
  /// There is none: an empty block.
  NONE,
  /// The model writes it under the policy.
  STEERED,
  /// A text about nothing: removing a thought also shortens what is read, and this does not.
  FILLER,
  /// The model's own thought about the next prompt of the set.
  FOREIGN;

  /// The name in flags and tables.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The source of that name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static ThoughtSource named(String text) {
    return Arrays.stream(values())
        .filter(source -> source.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a thought is "
                        + Arrays.stream(values())
                            .map(ThoughtSource::text)
                            .collect(Collectors.joining(", "))
                        + ", not \""
                        + text
                        + "\""));
  }
}
