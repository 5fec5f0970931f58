package dev.demur.lab.report.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Card;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fact;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextReportTest {

  private static final String LONG = "A sentence that no terminal shows in one line. ".repeat(5);

  private static String written(Block... blocks) {
    return TextReport.write(
        new Report("k", "Title", "what it is", List.of(new Section("s", "Part", List.of(blocks)))));
  }

  @Test
  void columnsLineUpUnderTheirHeadings() {
    var table =
        Table.of(
            "t",
            "",
            List.of("kettle", "tea"),
            Columns.text("name", "Name", word -> word),
            Columns.count("letters", "n", String::length),
            Columns.number("minus", "Below", Unit.NATS, word -> -word.length()));
    assertThat(written(new Data(table, Fold.OPEN)))
        .isEqualTo(
            """
            Title: what it is

            Part
              Name      n  Below
              kettle    6  -6.00
              tea       3  -3.00
            """);
  }

  @Test
  void namesOfACardAreAsWideAsTheWidest() {
    var card =
        new Card(
            "",
            List.of(
                new Fact("a", new Count(1234), ""),
                new Fact("longer", new Amount(0.5, Unit.SHARE), "of two")));
    assertThat(written(card)).endsWith("Part\n  a       1,234\n  longer  50.0 % (of two)\n");
  }

  @Test
  void aParagraphIsOneLine() {
    assertThat(written(new Prose(LONG.strip())).lines()).contains("  " + LONG.strip());
  }

  @Test
  void foldedTablesAreLeftOut() {
    var table = Table.of("t", "Caption", List.of("x"), Columns.text("a", "Head", word -> word));
    assertThat(written(new Data(table, Fold.FOLDED))).endsWith("Part\n");
  }

  @Test
  void whatATerminalObeysIsWrittenOutAndKeepsToItsCell() {
    var evil = "\u001b]0;pwned\u0007\nnext";
    var table = Table.of("t", "", List.of(evil), Columns.text("a", "A", word -> word));
    String text = written(new Prose(evil), new Data(table, Fold.OPEN));
    assertThat(text).doesNotContain("\u001b", "\u0007", "\nnext").contains("\\u001b]0;pwned");
  }
}
