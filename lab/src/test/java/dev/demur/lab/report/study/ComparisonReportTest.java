package dev.demur.lab.report.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.diff.RunDiff;
import dev.demur.lab.diff.RunDiff.CandidateCosine;
import dev.demur.lab.diff.RunDiff.RateChange;
import dev.demur.lab.diff.RunDiff.Side;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.format.HtmlReport;
import dev.demur.lab.report.format.MarkdownReport;
import dev.demur.lab.report.format.ReportFiles;
import dev.demur.lab.report.format.TextReport;
import dev.demur.lab.report.study.ComparisonReport.NamedRun;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.stats.PairedCounts;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

  /// Their page, with what differs from the first.
  public static Report report() {
    var names = runs().stream().map(NamedRun::name).toList();
    return ComparisonReport.of(
        runs(), List.of(diff(names.get(1)), diff(names.get(2))), alone(3), List.of());
  }

  /// Cosines of directions of which each is like itself alone.
  private static List<List<Optional<Double>>> alone(int runs) {
    return IntStream.range(0, runs)
        .mapToObj(
            i ->
                IntStream.range(0, runs)
                    .mapToObj(j -> i == j ? Optional.of(1.0) : Optional.<Double>empty())
                    .toList())
        .toList();
  }

  private static RunDiff diff(String name) {
    var study = SampleStudies.direction();
    var chosen = study.selection().flatMap(Selection::chosen);
    var counts = new PairedCounts(60, 21, 7, 12);
    return new RunDiff(
        new Side("bf16", "model", study.finding(), chosen, Optional.empty()),
        new Side(name, "model", study.finding(), Optional.empty(), chosen),
        List.of("Rates on harmless: the runs asked no prompt in common."),
        List.of(),
        Optional.empty(),
        List.of(new CandidateCosine(new Candidate(-1, 3), 0.982)),
        List.of(
            new RateChange(
                "jailbreakbench",
                Variant.ABLATION,
                "substring",
                new Rate(81, 100),
                new Rate(67, 100),
                Optional.of(PairedTest.of(counts)))));
  }

  // E: "report A B" has no test, and no cosine of two runs' directions.
  @Test
  void testsEachRunAgainstTheFirstAndShowsCosinesOfDirections() {
    String page = MarkdownReport.write(report());
    assertThat(page)
        .contains("Cosine of the chosen directions", "paired", "−14.0")
        .contains("Rates on harmless: the runs asked no prompt");
    var tests =
        report().tables().stream()
            .filter(t -> t.id().equals("paired_tests"))
            .findFirst()
            .orElseThrow();
    assertThat(tests.rows()).hasSize(2);
    assertThat(TextReport.write(report())).contains("paired tests", "-14.0");
    assertThat(report().tables()).extracting(Table::id).contains("cosines_2", "cosines_3");
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
    assertThat(MarkdownReport.write(ComparisonReport.of(other, List.of(), alone(2), List.of())))
        .contains("Not all runs used the same prompts");
  }

  @Test
  void isWrittenLikeAnyReport() throws Exception {
    var written = ReportFiles.write(report(), RunFolder.at(folder));
    assertThat(written)
        .allSatisfy(file -> assertThat(file).isNotEmptyFile())
        .contains(folder.resolve("report.html"), folder.resolve("tables/runs.csv"));
    String page = HtmlReport.write(report());
    assertThat(page.substring(0, page.indexOf("<script")))
        .contains("small &lt;b&gt;")
        .doesNotContain("small <b>");
  }

  @Test
  void needsTwoRunsOfDifferentNames() {
    var one = new NamedRun("one", SampleStudies.noBehaviour());
    assertThatThrownBy(() -> ComparisonReport.of(List.of(one), List.of(), alone(1), List.of()))
        .hasMessage("a comparison needs at least two runs, found 1");
    assertThatThrownBy(() -> ComparisonReport.of(List.of(one, one), List.of(), alone(2), List.of()))
        .hasMessage("two runs are named one; give each a name of its own");
  }
}
