package dev.demur.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.report.ComparisonReport.NamedRun;
import dev.demur.lab.report.format.HtmlReport;
import dev.demur.lab.report.format.MarkdownReport;
import dev.demur.lab.report.format.ReportFiles;
import dev.demur.lab.run.RunFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class ComparisonReportTest {

  @TempDir private Path folder;

  /// Three runs: two of the same data with other models, one without the behaviour.
  public static List<NamedRun> runs() {
    return List.of(
        new NamedRun("bf16", SampleStudies.direction()),
        new NamedRun("q8_0", SampleStudies.direction("Sample-1.5B-Q8_0", 4, "jailbreakbench")),
        new NamedRun("small <b>", SampleStudies.noBehaviour()));
  }

  @Test
  void laysTheSameRatesInOneRow() {
    var rates = new ComparisonTables(runs()).rates();
    var first = rates.rows().getFirst().cells();
    var own = SampleStudies.direction().evaluation().rates().getFirst().refused();
    assertThat(first.get(3)).isEqualTo(new Cell.Amount(own.share(), Cell.Unit.SHARE));
    assertThat(first).hasSize(3 + 2 * runs().size());
    assertThat(rates.rows())
        .as("rates a run lacks")
        .anyMatch(row -> row.cells().getLast() instanceof Cell.Missing);
  }

  @Test
  void namesOnlySettingsThatDiffer() {
    var names =
        new ComparisonTables(runs())
            .differences().rows().stream().map(row -> row.cells().getFirst()).toList();
    assertThat(names).containsExactly(new Cell.Text("name"), new Cell.Text("weights SHA-256"));
  }

  @Test
  void saysWhenPromptsDiffer() {
    assertThat(new ComparisonTables(runs()).promptsDiffer()).isFalse();
    var other =
        List.of(
            new NamedRun("a", SampleStudies.direction()),
            new NamedRun("b", SampleStudies.direction("b", 1, "harmbench")));
    assertThat(new ComparisonTables(other).promptsDiffer()).isTrue();
    assertThat(MarkdownReport.write(ComparisonReport.of(other)))
        .contains("Not all runs used the same prompts");
  }

  @Test
  void isWrittenLikeAnyReport() throws Exception {
    var written = ReportFiles.write(ComparisonReport.of(runs()), RunFolder.at(folder));
    assertThat(written)
        .allSatisfy(file -> assertThat(file).isNotEmptyFile())
        .contains(folder.resolve("report.html"), folder.resolve("tables/runs.csv"));
    String page = HtmlReport.write(ComparisonReport.of(runs()));
    assertThat(page.substring(0, page.indexOf("<script")))
        .contains("small &lt;b&gt;")
        .doesNotContain("small <b>");
  }

  @Test
  void needsTwoRunsOfDifferentNames() {
    var one = new NamedRun("one", SampleStudies.noBehaviour());
    assertThatThrownBy(() -> ComparisonReport.of(List.of(one)))
        .hasMessage("a comparison needs at least two runs, found 1");
    assertThatThrownBy(() -> ComparisonReport.of(List.of(one, one)))
        .hasMessage("two runs are named one; give each a name of its own");
  }
}
