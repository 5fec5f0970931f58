package dev.demur.lab.steer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/// A way of running the model, as files and reports name it.
///
/// @param kind what is done
/// @param draw which random direction, from 0; 0 where none is random
public record Variant(Kind kind, int draw) {

  /// The model as it is.
  public static final Variant UNEDITED = new Variant(Kind.UNEDITED, 0);

  /// The direction removed.
  public static final Variant ABLATION = new Variant(Kind.ABLATION, 0);

  /// The direction added.
  public static final Variant ADDITION = new Variant(Kind.ADDITION, 0);

  /// The direction subtracted.
  public static final Variant SUBTRACTION = new Variant(Kind.SUBTRACTION, 0);

  private static final String RELEASED_UNEDITED = "baseline";

  /// A policy of any kind.
  public static final Variant POLICY = new Variant(Kind.POLICY, 0);

  /// What a variant does to the model.
  public enum Kind {
    /// Nothing.
    UNEDITED("unedited"),
    /// Ablates the direction.
    ABLATION("ablation"),
    /// Adds the direction.
    ADDITION("actadd"),
    /// Subtracts the direction.
    SUBTRACTION("actadd-minus"),
    /// Follows a policy.
    POLICY("policy"),
    /// Ablates a random direction: a control.
    RANDOM_ABLATION("random-ablation"),
    /// Adds a random direction of equal norm: a control.
    RANDOM_ADDITION("random-actadd");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    boolean isRandom() {
      return this == RANDOM_ABLATION || this == RANDOM_ADDITION;
    }
  }

  public Variant {
    if (draw < 0 || (draw > 0 && !kind.isRandom())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "draw of %s must be %s, was %d",
              kind.text,
              kind.isRandom() ? ">= 0" : "0",
              draw));
    }
  }

  /// The control that ablates a random direction.
  public static Variant randomAblation(int draw) {
    return new Variant(Kind.RANDOM_ABLATION, draw);
  }

  /// The control that adds a random direction.
  public static Variant randomAddition(int draw) {
    return new Variant(Kind.RANDOM_ADDITION, draw);
  }

  /// The variant of that name; `baseline`, as earlier versions and the released code call the
  /// unedited model, is read as well.
  ///
  /// @throws IllegalArgumentException if no variant is called so
  @JsonCreator
  public static Variant of(String text) {
    if (text.equals(RELEASED_UNEDITED)) {
      return UNEDITED;
    }
    return Arrays.stream(Kind.values())
        .filter(kind -> text.matches(kind.text + (kind.isRandom() ? "-\\d{1,6}" : "")))
        .findFirst()
        .map(
            kind ->
                new Variant(
                    kind,
                    kind.isRandom() ? Integer.parseInt(text.substring(kind.text.length() + 1)) : 0))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no variant is called \"%s\"; expected unedited, ablation, actadd, actadd-minus, policy, random-ablation-0, random-actadd-0 and so on"
                        .formatted(text)));
  }

  /// `unedited`, `ablation`, `actadd`, `actadd-minus`, `random-ablation-0`, …
  @JsonValue
  public String text() {
    return kind.isRandom() ? kind.text + "-" + draw : kind.text;
  }

  /// The name the released code gives its files of completions.
  public String releasedText() {
    return kind == Kind.UNEDITED ? RELEASED_UNEDITED : text();
  }

  /// Whether it is a control with a direction that means nothing.
  public boolean isRandom() {
    return kind.isRandom();
  }

  @Override
  public String toString() {
    return text();
  }
}
