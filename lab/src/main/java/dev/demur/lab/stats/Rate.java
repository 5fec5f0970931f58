package dev.demur.lab.stats;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// A share that was counted: `successes` of `n`.
///
/// @param successes how many had the property, 0 to n
/// @param n how many were looked at, at least 1
public record Rate(int successes, int n) {

  /// Half-width in shares above which [#warning] speaks.
  private static final double COARSE = 0.05;

  public Rate {
    if (n < 1) {
      throw new IllegalArgumentException("n must be >= 1, was " + n);
    }
    if (successes < 0 || successes > n) {
      throw new IllegalArgumentException("successes must be 0 to " + n + ", was " + successes);
    }
  }

  /// How many of `items` have the property.
  public static <T> Rate of(Collection<T> items, Predicate<? super T> property) {
    return new Rate((int) items.stream().filter(property).count(), items.size());
  }

  /// The share, 0 to 1.
  public double share() {
    return (double) successes / n;
  }

  /// Wilson's score interval. Its coverage is near the level on average, also for small n and
  /// shares near 0 or 1; for a single share it may fall a little below.
  ///
  /// Source: Wilson 1927, J. Am. Stat. Assoc. 22; recommended by Brown, Cai and DasGupta 2001.
  public Interval wilson(double level) {
    double z = Levels.z(level);
    double denominator = 1 + z * z / n;
    double centre = (share() + z * z / (2 * n)) / denominator;
    double reach = z / denominator * Math.sqrt(share() * (1 - share()) / n + z * z / (4.0 * n * n));
    double low = successes == 0 ? 0 : Math.max(0, centre - reach);
    double high = successes == n ? 1 : Math.min(1, centre + reach);
    return new Interval(low, high, level, "Wilson");
  }

  /// Clopper and Pearson's interval: never covers less than the level, and is wider for it.
  ///
  /// Source: Clopper and Pearson 1934, Biometrika 26.
  public Interval clopperPearson(double level) {
    Levels.check(level);
    double tail = (1 - level) / 2;
    return new Interval(
        Binomial.lowerEnd(successes, n, tail),
        Binomial.upperEnd(successes, n, tail),
        level,
        "Clopper-Pearson");
  }

  /// A sentence that says what so few prompts cannot tell apart, when the interval reaches more
  /// than 5 points to either side.
  public Optional<String> warning() {
    var interval = wilson(Interval.USUAL_LEVEL);
    double below = share() - interval.low();
    double above = interval.high() - share();
    if (Math.max(below, above) <= COARSE) {
      return Optional.empty();
    }
    double told = above > 0.005 ? interval.high() : interval.low();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%d prompts cannot tell %.0f %% from %.0f %%: the 95 %% interval is %.0f %% to %.0f %%;"
                + " about %d prompts would halve it.",
            n,
            100 * share(),
            100 * told,
            100 * interval.low(),
            100 * interval.high(),
            4 * n));
  }
}
