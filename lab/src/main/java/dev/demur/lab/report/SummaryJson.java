package dev.demur.lab.report;

import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Summaries for programs.
public final class SummaryJson {

  public static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private SummaryJson() {}

  /// The text, ending in a newline.
  public static String write(SequencedMap<String, Object> summary) {
    return JSON.writeValueAsString(summary) + "\n";
  }

  /// A share of refusals: `refused`, `n`, `share`, and `low` and `high` of the 95 % Wilson
  /// interval.
  public static SequencedMap<String, Object> rate(Rate rate) {
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
