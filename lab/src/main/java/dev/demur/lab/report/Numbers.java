package dev.demur.lab.report;

import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Numbers as readers see them: the one place where digits are decided.
///
/// Shares have one decimal, scores two, KL divergences three, p-values two significant digits down
/// to 0.0001; so numbers of one column line up and none claims more than it knows.
public final class Numbers {

  /// Smaller p-values say no more than this.
  private static final double SMALLEST_P = 0.0001;

  /// A KL divergence that would round to 0.000.
  private static final double SMALLEST_KL = 0.0005;

  /// An energy that three decimals would not show.
  private static final double SMALLEST_ENERGY = 0.001;

  private static final String SPACE = "\u00a0"; // keeps a number and its unit on one line

  private Numbers() {}

  public static String amount(double value, Unit unit) {
    return switch (unit) {
      case SHARE -> fixed(100 * value, 1) + SPACE + "%";
      case POINTS -> (value > 0 ? "+" : "") + fixed(100 * value, 1);
      case NATS -> fixed(value, 2);
      case KL -> kl(value);
      case COSINE, LOSS, AUROC -> fixed(value, 3);
      case COEFFICIENT -> fixed(value, 2);
      case ENERGY -> energy(value);
      case STREAM, RATIO, DIMENSIONS, SPEED -> significant(value);
      case SECONDS -> seconds(value);
      case P_VALUE -> pValue(value);
    };
  }

  public static String share(double share) {
    return amount(share, Unit.SHARE);
  }

  /// A share for a headline: `98 %`; only next to none and all with a decimal, `0.4 %`, so that no
  /// few refusals read as none.
  public static String headline(double share) {
    boolean whole = share == 0 || share == 1 || (share >= 0.01 && share <= 0.99);
    return fixed(100 * share, whole ? 0 : 1) + SPACE + "%";
  }

  /// A share that was chosen and not measured, with as many of three digits as say something: `0.05
  /// %`, `95 %`.
  public static String chosenShare(double share) {
    var rounded = BigDecimal.valueOf(100 * share).round(new MathContext(3));
    return rounded.stripTrailingZeros().toPlainString() + SPACE + "%";
  }

  public static String nats(double value) {
    return amount(value, Unit.NATS);
  }

  /// Both ends in one unit: `88.8 to 97.8 %`.
  public static String range(Interval interval, Unit unit) {
    return switch (unit) {
      case SHARE -> fixed(100 * interval.low(), 1) + " to " + share(interval.high());
      case POINTS,
          NATS,
          KL,
          LOSS,
          COSINE,
          AUROC,
          COEFFICIENT,
          STREAM,
          ENERGY,
          RATIO,
          DIMENSIONS,
          SECONDS,
          SPEED,
          P_VALUE ->
          amount(interval.low(), unit) + " to " + amount(interval.high(), unit);
    };
  }

  /// `95.0 % (88.8 to 97.8 %)`.
  public static String rate(Rate rate) {
    return share(rate.share()) + " (" + interval(rate) + ")";
  }

  public static String interval(Rate rate) {
    return range(rate.wilson(Interval.USUAL_LEVEL), Unit.SHARE);
  }

  /// `p < 0.0001` or `p = 0.034`.
  public static String p(double value) {
    String text = pValue(value);
    return "p" + SPACE + (text.startsWith("<") ? text : "=" + SPACE + text);
  }

  public static String count(long value) {
    return minus(String.format(Locale.ROOT, "%,d", value));
  }

  /// `1.54 billion`.
  public static String large(long value) {
    if (value >= 1_000_000_000L) {
      return fixed(value / 1e9, 2) + " billion";
    }
    return value >= 1_000_000L ? fixed(value / 1e6, 1) + " million" : count(value);
  }

  /// `1 prompt`, `32 prompts`.
  public static String counted(long n, String noun) {
    return count(n) + " " + noun + (n == 1 ? "" : "s");
  }

  /// A number that names something, without separators but with a true minus sign: `−2`.
  public static String ordinal(long value) {
    return minus(Long.toString(value));
  }

  /// With at most so many decimals and none that say nothing: `0.1`, `1`, `−2.25`.
  public static String plain(double value) {
    return minus(value == Math.rint(value) ? fixed(value, 0) : Double.toString(value));
  }

  private static String kl(double value) {
    return value > 0 && value < SMALLEST_KL ? "<" + SPACE + "0.001" : fixed(value, 3);
  }

  /// Three decimals, or two digits and an exponent: `0.213`, `3.1e−6`.
  private static String energy(double value) {
    return value == 0 || Math.abs(value) >= SMALLEST_ENERGY
        ? fixed(value, 3)
        : minus(String.format(Locale.ROOT, "%.1e", value));
  }

  private static String pValue(double value) {
    if (value < SMALLEST_P) {
      return "<" + SPACE + "0.0001";
    }
    return fixed(value, value >= 0.1 ? 2 : value >= 0.01 ? 3 : 4);
  }

  /// Three significant digits, without exponents.
  private static String significant(double value) {
    double size = Math.abs(value);
    if (size >= 1000) {
      return count(Math.round(value));
    }
    return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
  }

  private static String seconds(double value) {
    if (value < 120) {
      return fixed(value, 1) + SPACE + "s";
    }
    long whole = Math.round(value);
    return whole < 7200
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60).replace(" ", SPACE)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60)
            .replace(" ", SPACE);
  }

  private static String fixed(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    // −0.00 would claim a sign that the digits do not show.
    boolean zero = text.chars().noneMatch(c -> c >= '1' && c <= '9');
    return zero ? text.replace("-", "") : minus(text);
  }

  private static String minus(String text) {
    return text.replace('-', '\u2212');
  }
}
