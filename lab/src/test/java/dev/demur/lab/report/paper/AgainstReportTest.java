package dev.demur.lab.report.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.paper.Published;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.study.SampleStudies;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.study.StudyResult;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// A run beside published values.
class AgainstReportTest {

  private static final Published PAPER = Published.named("arditi2024");

  private static final StudyResult GEMMA =
      SampleStudies.direction("gemma-2b-it", 1, "jailbreakbench");

  private static Table table(StudyResult study, Optional<String> model) {
    return new AgainstReport(PAPER, model)
        .of(study, List.of(), List.of()).blocks().stream()
            .flatMap(Block::tables)
            .findFirst()
            .orElseThrow();
  }

  private static Cell cell(Table table, String quantity, String column) {
    var keys = table.columns().stream().map(c -> c.key()).toList();
    return table.rows().stream()
        .map(Table.Row::cells)
        .filter(cells -> cells.getFirst().equals(new Text(quantity)))
        .findFirst()
        .orElseThrow()
        .get(keys.indexOf(column));
  }

  @Test
  void aPublishedNumberStandsBesideTheRunsWithItsSource() {
    var table = table(GEMMA, Optional.empty());
    String refused = "refused, jailbreakbench, unedited";
    var run = GEMMA.evaluation().rates().stream().filter(r -> r.judge().equals("substring"));
    var rate = run.findFirst().orElseThrow().refused();
    assertThat(cell(table, refused, "published")).isEqualTo(new Amount(.91, Cell.Unit.SHARE));
    assertThat(cell(table, refused, "run")).isEqualTo(new Amount(rate.share(), Cell.Unit.SHARE));
    assertThat(cell(table, refused, "deviation"))
        .isEqualTo(new Amount(rate.share() - .91, Cell.Unit.POINTS));
    assertThat(cell(table, refused, "covered"))
        .isEqualTo(new Text(rate.wilson(Interval.USUAL_LEVEL).contains(.91) ? "yes" : "no"));
    assertThat(cell(table, "layer, direction, selected", "source"))
        .asInstanceOf(InstanceOfAssertFactories.type(Text.class))
        .extracting(Text::text)
        .asString()
        .contains("Table 5");
  }

  @Test
  void whatWasNotMeasuredSaysSo() {
    assertThat(cell(table(GEMMA, Optional.empty()), "accuracy, mmlu, unedited", "covered"))
        .isEqualTo(new Text("not measured here"));
  }

  @Test
  void anotherModelStandsBesideTheRangeOfTheirs() {
    var table = table(SampleStudies.direction(), Optional.empty());
    assertThat(table.columns().stream().map(c -> c.key()))
        .contains("smallest", "middle", "largest");
    assertThat(cell(table, "layers, direction, selected", "largest"))
        .isEqualTo(new Cell.Ordinal(80));
  }

  @Test
  void aModelCanBeNamed() {
    var table = table(SampleStudies.direction(), Optional.of("Yi 6B"));
    assertThat(cell(table, "layer, direction, selected", "published"))
        .isEqualTo(new Cell.Ordinal(20));
    assertThatThrownBy(() -> table(GEMMA, Optional.of("Yi 7B")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no model called \"Yi 7B\"");
  }
}
