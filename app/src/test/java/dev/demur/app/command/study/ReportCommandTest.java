package dev.demur.app.command.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `demur report` on runs of a tiny random model.
class ReportCommandTest {

  @TempDir Path folder;

  @Test
  void writesTheSameReportAgain() throws IOException {
    Path run = study("one");
    String before = Files.readString(run.resolve("report.html"));
    Files.delete(run.resolve("report.html"));
    var outcome = Cli.run("report", run);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out().strip()).isEqualTo(run.resolve("report.html").toString());
    assertThat(Files.readString(run.resolve("report.html"))).isEqualTo(before);
  }

  @Test
  void keptTextsStayInTheReport() throws IOException {
    Path run = Cli.study(folder, "kept", 4, "--keep-completions");
    String before = Files.readString(run.resolve("report.html"));
    assertThat(before).contains("class=\"completions\"", "Never mind how to bake loaf");
    assertThat(Cli.run("report", run).code()).isZero();
    assertThat(Files.readString(run.resolve("report.html"))).isEqualTo(before);
  }

  @Test
  void laysRunsSideBySide() throws IOException {
    Path out = folder.resolve("both");
    var outcome = Cli.run("report", study("one"), study("two"), "--out", out);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(Files.readString(out.resolve("report.md")))
        .contains("# 2 runs side by side", "one · two");
    assertThat(out.resolve("tables/rates.csv")).isNotEmptyFile();
  }

  @Test
  void saysWhatIsMissing() {
    var outcome = Cli.run("report", folder.resolve("nothing"));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).singleElement().asString().contains("report.json: no such file");
    assertThat(folder.resolve("nothing")).doesNotExist();
  }

  private Path study(String name) throws IOException {
    return Cli.study(folder, name, 4);
  }
}
