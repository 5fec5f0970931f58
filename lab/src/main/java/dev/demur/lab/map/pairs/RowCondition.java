package dev.demur.lab.map.pairs;

import dev.demur.lab.rows.Row;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Which rows of a file are meant: `score > .5`, `category = theft and language = es`. Columns that
/// a row lacks satisfy nothing; `>` and its likes compare numbers, `=` and `!=` text. A text that
/// holds ` and ` stands in double quotes: `category = "Hate and harassment"`.
///
/// @param tests all of which must hold; none holds for every row
public record RowCondition(List<Test> tests) {

  private static final Pattern TEST =
      Pattern.compile("\\s*(?<column>[^<>=!]+?)\\s*(?<sign><=|>=|!=|<|>|=)\\s*(?<value>.+?)\\s*");

  /// Between comparisons, not inside quotes: an even number of quotes follows.
  private static final Pattern AND = Pattern.compile("\\s+and\\s+(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

  private static final Pattern QUOTED = Pattern.compile("\"(?<inside>[^\"]*)\"");

  public RowCondition {
    tests = List.copyOf(tests);
  }

  /// Holds for every row.
  public static RowCondition none() {
    return new RowCondition(List.of());
  }

  /// One comparison.
  ///
  /// @param column of the row
  /// @param sign how
  /// @param value with what
  public record Test(String column, Sign sign, String value) {

    private boolean holds(Row row) {
      var found = row.get(column).map(String::strip);
      return found.isPresent() && holds(found.get());
    }

    private boolean holds(String found) {
      return switch (sign) {
        case EQUAL -> found.equals(value);
        case OTHER -> !found.equals(value);
        case ABOVE -> number(found) > number(value);
        case BELOW -> number(found) < number(value);
        case AT_LEAST -> number(found) >= number(value);
        case AT_MOST -> number(found) <= number(value);
      };
    }

    private double number(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "column " + column + " holds \"" + text + "\"; " + sign.text + " compares numbers", e);
      }
    }
  }

  /// How a value is compared.
  public enum Sign {
    EQUAL("="),
    OTHER("!="),
    ABOVE(">"),
    BELOW("<"),
    AT_LEAST(">="),
    AT_MOST("<=");

    private final String text;

    Sign(String text) {
      this.text = text;
    }

    private static Sign of(String text) {
      return Arrays.stream(values()).filter(s -> s.text.equals(text)).findFirst().orElseThrow();
    }
  }

  /// Reads comparisons with `and` between them.
  ///
  /// @throws IllegalArgumentException if the text is none
  public static RowCondition parse(String text) {
    return new RowCondition(AND.splitAsStream(text).map(RowCondition::test).toList());
  }

  private static Test test(String text) {
    var found = TEST.matcher(text);
    if (!found.matches()) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is no condition; expected a column, one of = != < <= > >=, and a value, for"
              + " example score > .5; a text with \" and \" in it stands in double quotes");
    }
    var quoted = QUOTED.matcher(found.group("value"));
    return new Test(
        found.group("column"),
        Sign.of(found.group("sign")),
        quoted.matches() ? quoted.group("inside") : found.group("value"));
  }

  /// Whether all hold.
  ///
  /// @throws IllegalArgumentException if a number is asked for and the row has none there
  public boolean holds(Row row) {
    return tests.stream().allMatch(test -> test.holds(row));
  }

  /// The columns it looks at.
  public List<String> columns() {
    return tests.stream().map(Test::column).toList();
  }
}
