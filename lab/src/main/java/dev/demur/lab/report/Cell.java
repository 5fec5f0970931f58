package dev.demur.lab.report;

import static java.util.Objects.requireNonNull;

import dev.demur.lab.stats.Interval;

/// One entry of a table: a value with its meaning, so that each format can write it its own way.
public sealed interface Cell {

  /// Words.
  record Text(String text) implements Cell {
    public Text {
      requireNonNull(text, "text");
    }
  }

  /// Something to be read letter by letter: a token, a hash, a name in a file.
  record Code(String text) implements Cell {
    public Code {
      requireNonNull(text, "text");
    }
  }

  /// How many.
  record Count(long value) implements Cell {}

  /// A number that names something: a layer, a position, a token id, a seed.
  record Ordinal(long value) implements Cell {}

  /// A measured number.
  ///
  /// @param value finite
  record Amount(double value, Unit unit) implements Cell {
    public Amount {
      requireFinite(value);
    }
  }

  /// An interval in the unit of its ends.
  record Range(Interval interval, Unit unit) implements Cell {}

  /// A number there is none of.
  ///
  /// @param why in a few words
  record Missing(String why) implements Cell {}

  /// What an [Amount] measures; decides its digits.
  enum Unit {
    /// 0 to 1, shown in percent.
    SHARE,
    /// A difference of shares, −1 to 1, shown in percentage points.
    POINTS,
    /// Scores in nats.
    NATS,
    /// KL divergences in nats, which span orders of magnitude below 1.
    KL,
    /// Cross-entropies and their differences in nats per token; those of interest differ in the
    /// third decimal.
    LOSS,
    /// Cosines of directions, −1 to 1; those of interest differ in the third decimal.
    COSINE,
    /// Areas under ROC curves, 0 to 1; those of interest differ in the third decimal.
    AUROC,
    /// Agreement beyond chance, −1 to 1.
    COEFFICIENT,
    /// Lengths in the residual stream.
    STREAM,
    /// Energies relative to the usual one, which span orders of magnitude below 1.
    ENERGY,
    /// How many times one number is another.
    RATIO,
    /// How many dimensions, not always whole: stable ranks.
    DIMENSIONS,
    SECONDS,
    /// Tokens a second and the like.
    SPEED,
    /// Probability of a result at least as extreme.
    P_VALUE
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "an amount must be finite, was " + value + "; use Missing with the reason");
    }
  }
}
