package dev.demur.lab.stats;

import java.util.Optional;

/// A rate as people would have counted it: a judge's, corrected for the errors that a labelled
/// sample shows.
///
/// @param apparent what the judge counted
/// @param calibration the judge against people
/// @param share the corrected share (Rogan and Gladen)
/// @param interval its 95 % interval (Lang and Reiczigel); holds the sample's uncertainty too
public record CorrectedRate(
    Rate apparent, Calibration calibration, double share, Interval interval) {

  /// The correction; empty when the sample does not show the judge to be better than chance, for
  /// then there is nothing to correct by.
  public static Optional<CorrectedRate> of(Rate apparent, Calibration calibration) {
    return Optional.of(calibration)
        .filter(Calibration::isInformative)
        .map(
            c ->
                new CorrectedRate(
                    apparent, c, c.correct(apparent), c.interval(apparent, Interval.USUAL_LEVEL)));
  }
}
