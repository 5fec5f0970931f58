package dev.demur.lab.report.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTableTest {

  private static final int LIMIT = 78;

  @Test
  void headingsBreakBeforeRowsDo() {
    assertThat(lines(table("of a tensor that has a name of this very considerable length", 2)))
        .containsExactly(
            "                                                               a long   a long",
            "                                                              heading  heading",
            "Name                                                                1        2",
            "of a tensor that has a name of this very considerable length      100      200");
  }

  @Test
  void whatARowIsAboutStandsAboveItWhereTheRestFits() {
    assertThat(lines(table("x".repeat(70), 2)))
        .containsExactly(
            "Name",
            "  a long heading 1  a long heading 2",
            "x".repeat(70),
            "               100               200");
  }

  /// Tables of diff and benchmark were up to 104 columns wide.
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 20, 40})
  void noTableOfShortCellsIsWiderThanTheTerminal(int columns) {
    var random = new Random(columns);
    for (int i = 0; i < 20; i++) {
      String name = "n".repeat(1 + random.nextInt(LIMIT - 6));
      assertThat(lines(table(name, columns))).allMatch(line -> line.length() <= LIMIT);
    }
  }

  private static List<String> lines(Table table) {
    return TextTable.lines(table, UnaryOperator.identity(), LIMIT);
  }

  private static Table table(String name, int numbers) {
    var columns = new ArrayList<Columns<String>>();
    columns.add(Columns.text("name", "Name", row -> row));
    for (int i = 1; i <= numbers; i++) {
      int n = i;
      columns.add(Columns.count("c" + i, "a long heading " + i, _ -> 100 * n));
    }
    return Table.of("t", "", List.of(name), Columns.together(columns));
  }
}
