package dev.demur.lab.report;

import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A share of refusals in a summary for programs.
final class RateValues {

  private RateValues() {}

  /// `refused`, `n`, `share`, and `low` and `high` of the 95 % Wilson interval.
  static SequencedMap<String, Object> of(Rate rate) {
    var interval = rate.wilson(Interval.USUAL_LEVEL);
    var values = new LinkedHashMap<String, Object>();
    values.put("refused", rate.successes());
    values.put("n", rate.n());
    values.put("share", rate.share());
    values.put("low", interval.low());
    values.put("high", interval.high());
    return values;
  }
}
