package dev.demur.lab.map.effect;

import java.util.Locale;

/// What is done to the stream along one direction.
///
/// @param way how
/// @param direction its name: that of a pair, or `random 1`
/// @param amount share of the stream's length that is added, or the factor of a scaling; 0 for
///   ablation
/// @param layer where an addition acts, or where the direction of a scaling was read
/// @param purpose what it is for
public record Tried(Way way, String direction, double amount, int layer, Purpose purpose) {

  /// How a direction is used.
  public enum Way {
    /// x − (x·r̂) r̂, everywhere.
    ABLATION("ablate"),
    /// x + c r, where it was read.
    ADDITION("add"),
    /// x + (s − 1) (x·r̂) r̂, everywhere.
    SCALING("scale");

    private final String text;

    Way(String text) {
      this.text = text;
    }

    /// The word in tables.
    public String text() {
      return text;
    }
  }

  /// What an edit is for.
  public enum Purpose {
    TRIED,
    /// The same along a random direction.
    CONTROL
  }

  /// In words: `ablate theft`, `add theft ×0.5`, `scale theft ×1.1 from 6`.
  public String text() {
    String factor = String.format(Locale.ROOT, " ×%s", amount);
    return way.text
        + " "
        + direction
        + switch (way) {
          case ABLATION -> "";
          case ADDITION -> factor;
          case SCALING -> factor + " from " + layer;
        };
  }
}
