package dev.demur.lab.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.audit.AuditResult;
import dev.demur.lab.audit.AuditResult.Agreement;
import dev.demur.lab.audit.AuditResult.Facts;
import dev.demur.lab.audit.ParentResult;
import dev.demur.lab.audit.Verdict;
import dev.demur.lab.report.check.AuditReport;
import dev.demur.lab.report.format.TextReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// House §2: the verdict that decides an exit code was computed by a class that prints.
class AuditFindingsTest {

  private static AuditFindings findings(Verdict alone, Optional<Verdict> beside) {
    var weights =
        new AuditResult(
            new Facts("tea", "llama", 2, 64, "0"),
            alone,
            List.of("As it is."),
            0.5,
            Optional.empty(),
            new Agreement(0.1, 0.1, 0.1, 0.1, 4),
            List.of(),
            List.of(),
            List.of());
    return new AuditFindings(
        weights,
        Optional.empty(),
        beside.map(
            v ->
                new ParentResult(
                    "pot", v, List.of(), List.of(), 0.1, 0.1, 0, Optional.empty(), List.of())),
        Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "CLEAN, EDITED, EDITED",
    "EDITED, CLEAN, EDITED",
    "SUSPECT, CLEAN, SUSPECT",
    "CLEAN, CLEAN, CLEAN",
  })
  void theMoreSeriousVerdictStands(Verdict alone, Verdict beside, Verdict expected) {
    var found = findings(alone, Optional.of(beside));
    assertThat(found.verdict()).isEqualTo(expected);
    assertThat(found.lost()).isEmpty();
  }

  @Test
  void withoutAParentTheCheckpointDecides() {
    var found = findings(Verdict.SUSPECT, Optional.empty());
    assertThat(found.verdict()).isEqualTo(Verdict.SUSPECT);
    assertThat(TextReport.write(AuditReport.of(found)))
        .startsWith("tea: suspect\n  As it is.\n")
        .doesNotContain("Against the parent");
  }
}
