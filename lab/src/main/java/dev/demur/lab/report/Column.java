package dev.demur.lab.report;

/// One column of a table.
///
/// @param key name in CSV and JSON, snake_case; a range becomes `key_low` and `key_high`
/// @param heading what readers see
/// @param kind how its cells are written and aligned
public record Column(String key, String heading, Kind kind) {

  /// How the cells of a column are written.
  public enum Kind {
    /// Words or code, flush left.
    TEXT,
    /// One number, flush right.
    NUMBER,
    /// Two numbers, flush right.
    RANGE
  }

  /// Words.
  public static Column text(String key, String heading) {
    return new Column(key, heading, Kind.TEXT);
  }

  /// One number.
  public static Column number(String key, String heading) {
    return new Column(key, heading, Kind.NUMBER);
  }

  /// Two numbers.
  public static Column range(String key, String heading) {
    return new Column(key, heading, Kind.RANGE);
  }
}
