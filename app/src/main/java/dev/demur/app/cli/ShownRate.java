package dev.demur.app.cli;

import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/// A share of refusals as commands print it, with its 95 % Wilson interval.
///
/// @param rate the share
public record ShownRate(Rate rate) {

  /// One line for people.
  ///
  /// @param name what the share is of
  /// @param width the name's column is so wide
  public String line(String name, int width) {
    return String.format(
        Locale.ROOT,
        "  %-" + width + "s %5.1f %%  (%s; %d of %d)%n",
        name,
        100 * rate.share(),
        interval().asPercent(),
        rate.successes(),
        rate.n());
  }

  /// For programs: `refused`, `n`, `share`, `low`, `high`.
  public SequencedMap<String, Object> values() {
    var values = new LinkedHashMap<String, Object>();
    values.put("refused", rate.successes());
    values.put("n", rate.n());
    values.put("share", rate.share());
    values.put("low", interval().low());
    values.put("high", interval().high());
    return values;
  }

  private Interval interval() {
    return rate.wilson(Interval.USUAL_LEVEL);
  }
}
