package dev.demur.lab.report.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.benchmark.BenchmarkResult;
import dev.demur.lab.benchmark.Metric;
import dev.demur.lab.benchmark.Outcome;
import dev.demur.lab.report.measure.BenchmarkReport;
import dev.demur.lab.report.study.CoherenceReport;
import dev.demur.lab.report.study.SampleStudies;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.StudyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// E: benchmark and coherence write into a run, and the report takes them in.
class BesideTest {

  @TempDir private Path folder;

  private final StudyResult study = SampleStudies.direction();

  @Test
  void theReportTellsWhatABenchmarkAndACoherenceLeft() throws IOException {
    write(RunFolder.BENCHMARK, BenchmarkReport.json(benchmark()));
    write(RunFolder.COHERENCE, CoherenceReport.json("model", study.coherence()));
    StudyFolder.at(folder).writeReports(RunFolder.at(folder), List.of());
    String page = Files.readString(folder.resolve("report.md")).replace('\u00a0', ' ');
    assertThat(page).contains("## Benchmark", "lm-evaluation-harness", "75.0 %", "−50.0");
    assertThat(page).contains("## Cost on text", "pile.jsonl");
    assertThat(folder.resolve("tables/benchmark.csv")).isNotEmptyFile();
    assertThat(folder.resolve("tables/cost_on_text.csv"))
        .hasSameTextualContentAs(folder.resolve("tables/coherence.csv"));
  }

  @Test
  void resultsOfOtherFoldersComeWithIt() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve(RunFolder.BENCHMARK), BenchmarkReport.json(benchmark()));
    write(RunFolder.BENCHMARK, BenchmarkReport.json(benchmark()));
    StudyFolder.at(folder).writeReports(RunFolder.at(folder), List.of(RunFolder.at(other)));
    assertThat(folder.resolve("report.md"))
        .content()
        .contains("## Benchmark\n", "## Benchmark 2\n");
    assertThat(folder.resolve("tables/benchmark_2.csv"))
        .hasSameTextualContentAs(folder.resolve("tables/benchmark.csv"));
  }

  @Test
  void whatIsNoResultIsNamed() throws IOException {
    for (String text :
        List.of(
            "nothing",
            "{\"outcomes\": [{\"task\": 1}]}",
            "{\"outcomes\": [{\"task\":\"a\",\"metric\":\"b\",\"variant\":\"c\"}]}")) {
      write(RunFolder.BENCHMARK, text);
      assertThatThrownBy(() -> StudyFolder.at(folder).writeReports(RunFolder.at(folder), List.of()))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining("benchmark.json");
    }
  }

  // A name with what ends a link, or begins another, is one name still.
  @Test
  void linksAreRelativeAndEscaped() {
    var page = RunFolder.at(folder.resolve("a"));
    assertThat(Beside.address(page, folder.resolve("b c#d?e/f:g")))
        .isEqualTo("./../b%20c%23d%3Fe/f%3Ag/report.html");
    assertThat(Beside.address(page, folder.resolve("a"))).isEqualTo("./report.html");
    assertThat(Beside.address(page, folder.resolve("a/javascript:alert(1)")))
        .startsWith("./javascript%3A");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(RunFolder.REPORT), JsonReport.write(study));
    Files.writeString(folder.resolve(name), text);
  }

  private static BenchmarkResult benchmark() {
    return BenchmarkResult.of(
        "model",
        List.of(
            new Outcome("arc_easy", Metric.ACC, Variant.UNEDITED, List.of(1.0, 1.0, 1.0, 0.0)),
            new Outcome("arc_easy", Metric.ACC, Variant.ABLATION, List.of(1.0, 0.0, 0.0, 0.0))));
  }
}
