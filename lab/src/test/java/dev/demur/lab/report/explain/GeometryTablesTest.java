package dev.demur.lab.report.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.explain.GeometryResult;
import dev.demur.lab.explain.GeometryResult.Place;
import dev.demur.lab.explain.GeometryResult.TemplateCheck;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeometryTablesTest {

  /// House §6: AUROC was typed as a KL divergence and stable rank as a length in the stream, so
  /// that an AUROC of 0.0002 was written as "< 0.001" nats.
  @Test
  void aMeasureHasItsOwnUnit() {
    var auroc = new Auroc(0.0002, 5, 5, 0.0001);
    var place =
        new Place(-1, 3, 12.5, 0.4, auroc, new Interval(0.0001, 0.0004, 0.95, "Newcombe"), 1.25);
    var geometry =
        new GeometryResult(
            List.of(place), new TemplateCheck(1, 2, 0.5, 0.5), List.of(), List.of(1.0));
    var cells = GeometryTables.places(geometry).rows().getFirst().cells();
    assertThat(cells)
        .contains(
            new Amount(0.0002, Unit.AUROC),
            new Range(new Interval(0.0001, 0.0004, 0.95, "Newcombe"), Unit.AUROC),
            new Amount(1.25, Unit.DIMENSIONS));
    assertThat(Numbers.amount(0.0002, Unit.AUROC)).isEqualTo("0.000");
    assertThat(Numbers.amount(1.25, Unit.DIMENSIONS)).isEqualTo("1.25");
  }
}
