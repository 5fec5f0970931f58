package dev.demur.lab.stats;

import java.util.List;
import java.util.Locale;

/// What a labelled sample says about a judge, and how to correct what the judge counts.
///
/// @param sensitivity of the items that have the property, those the judge says have it
/// @param specificity of the items that do not, those the judge says do not
public record Calibration(Rate sensitivity, Rate specificity) {

  /// Compares a judge's labels with the truth, in the same order.
  ///
  /// @throws IllegalArgumentException if the lists differ in length, or either kind of item is
  ///   absent
  public static Calibration of(List<Boolean> judged, List<Boolean> truth) {
    var pairs = PairedCounts.of(truth, judged);
    int positives = pairs.both() + pairs.onlyFirst();
    int negatives = pairs.onlySecond() + pairs.neither();
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a labelled sample needs items with and without the property; has %d and %d",
              positives,
              negatives));
    }
    return new Calibration(new Rate(pairs.both(), positives), new Rate(pairs.neither(), negatives));
  }

  /// Whether the judge is better than chance, by the counts and after the interval's adjustment of
  /// them: otherwise there is nothing to correct by.
  public boolean isInformative() {
    return sensitivity.share() + specificity.share() > 1
        && adjusted(sensitivity) + adjusted(specificity) > 1;
  }

  /// The share corrected for the judge's errors: (apparent + specificity − 1) / (sensitivity +
  /// specificity − 1), cut to 0…1.
  ///
  /// Source: Rogan and Gladen 1978, American Journal of Epidemiology 107.
  ///
  /// @throws IllegalArgumentException if the judge is no better than chance, so that nothing can be
  ///   corrected
  public double correct(Rate apparent) {
    return clip(roganGladen(apparent.share(), sensitivity.share(), specificity.share()));
  }

  /// Interval of the corrected share; it holds the uncertainty of the count and of the labelled
  /// sample.
  ///
  /// Source: Lang and Reiczigel 2014, Preventive Veterinary Medicine 113: the delta method on
  /// adjusted estimates, with a correction for skewness.
  ///
  /// @throws IllegalArgumentException if the judge is no better than chance
  public Interval interval(Rate apparent, double level) {
    double z = Levels.z(level);
    double n = apparent.n() + z * z;
    double share = (apparent.successes() + z * z / 2) / n;
    double sens = adjusted(sensitivity);
    double spec = adjusted(specificity);
    double centre = roganGladen(share, sens, spec);
    double sensVariance = sens * (1 - sens) / (sensitivity.n() + 2.0);
    double specVariance = spec * (1 - spec) / (specificity.n() + 2.0);
    double youden = sens + spec - 1;
    double skew = 2 * z * z * (centre * sensVariance - (1 - centre) * specVariance);
    double error =
        Math.sqrt(
                share * (1 - share) / n
                    + centre * centre * sensVariance
                    + (1 - centre) * (1 - centre) * specVariance)
            / youden;
    double middle = centre + skew;
    return new Interval(
        clip(middle - z * error), clip(middle + z * error), level, "Lang-Reiczigel");
  }

  private static double roganGladen(double apparent, double sensitivity, double specificity) {
    double youden = sensitivity + specificity - 1;
    if (!(youden > 0)) {
      throw new IllegalArgumentException(
          String.format(
                  Locale.ROOT,
                  "sensitivity and specificity must add up to more than 1 for a correction, were"
                      + " %.3f and",
                  sensitivity)
              + String.format(Locale.ROOT, " %.3f; use another judge", specificity));
    }
    return (apparent + specificity - 1) / youden;
  }

  /// One success and one failure added, so that a perfect sample is not taken for a perfect judge.
  private static double adjusted(Rate rate) {
    return (rate.successes() + 1.0) / (rate.n() + 2.0);
  }

  private static double clip(double share) {
    return Math.clamp(share, 0, 1);
  }
}
