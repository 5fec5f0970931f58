package dev.demur.app.cli;

import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Results as `--json` prints them: names and values of closed sets in snake case, `null` for what
/// there is none of.
public final class PrintedJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private PrintedJson() {}

  /// The text, ending in a newline.
  public static String of(Object value) {
    return MAPPER.writeValueAsString(value) + "\n";
  }
}
