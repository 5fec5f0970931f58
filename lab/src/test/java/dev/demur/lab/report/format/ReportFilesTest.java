package dev.demur.lab.report.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.RealData;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Example;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.study.DirectionEvaluations;
import dev.demur.lab.report.study.SampleStudies;
import dev.demur.lab.report.study.StudyReport;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.steer.Variant;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportFilesTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private Path folder;

  @Test
  void leavesWholeFilesAndNothingElse() throws IOException {
    var written = ReportFiles.write(SampleStudies.direction(), List.of(), RunFolder.at(folder));
    assertThat(written)
        .contains(
            folder.resolve("report.html"),
            folder.resolve("report.md"),
            folder.resolve("report.json"),
            folder.resolve("direction_evaluations.json"),
            folder.resolve("direction_evaluations_filtered.json"),
            folder.resolve("tables/rates.csv"),
            folder.resolve("tables/candidates.csv"));
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).containsExactlyInAnyOrderElementsOf(written);
    }
  }

  @Test
  void writesNoEvaluationsOfCandidatesThereAreNot() throws IOException {
    ReportFiles.write(SampleStudies.noBehaviour(), List.of(), RunFolder.at(folder));
    assertThat(folder.resolve("report.html")).exists();
    assertThat(folder.resolve("direction_evaluations.json")).doesNotExist();
  }

  @Test
  void writesCsvThatReadsBackToTheSameNumbers() throws IOException {
    var study = SampleStudies.direction();
    JsonNode tables = JSON.readTree(JsonReport.write(study)).get("tables");
    for (var table : StudyReport.of(study, List.of()).tables()) {
      var format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
      try (var csv = format.parse(new StringReader(CsvTable.write(table)))) {
        var rows = tables.get(table.id());
        int i = 0;
        for (var line : csv) {
          for (var value : rows.get(i++).properties()) {
            String expected = value.getValue().isNull() ? "" : value.getValue().asString();
            assertThat(line.get(value.getKey())).isEqualTo(expected);
          }
        }
        assertThat(i).isEqualTo(rows.size());
      }
    }
  }

  @Test
  void keepsSpreadsheetsFromRunningText() {
    var table =
        Table.of(
            "t",
            "",
            List.of("=1+1"),
            Columns.text("a", "A", row -> row),
            Columns.count("b", "B", _ -> -3));
    assertThat(CsvTable.write(table)).isEqualTo("a,b\n'=1+1,-3\n");
  }

  /// D10: an escape sequence of a model's answer was in `report.md` and the tables as it came.
  @Test
  void writesControlCharactersOutInMarkdownAndCsv() {
    String evil = "\u001b]0;pwned\u0007 \u202e\u009b31m\rover";
    var answer = new Example.Answer(Variant.UNEDITED, evil, Map.of());
    var table = Table.of("t", evil, List.of(evil, "plain"), Columns.text("a", "A", row -> row));
    var report =
        new Report(
            evil,
            evil,
            evil,
            List.of(
                new Report.Section(
                    "s",
                    evil,
                    List.of(
                        new Block.Prose(evil),
                        new Block.Data(table, Block.Fold.OPEN),
                        new Block.Dialogue(new Example(evil, 0, evil, List.of(answer)))))));
    for (String text : List.of(MarkdownReport.write(report), CsvTable.write(table))) {
      assertThat(text).contains("u001b]0;pwned").contains("u202e").contains("u000dover");
      assertThat(text.codePoints()).allMatch(c -> c == '\n' || !Character.isISOControl(c));
    }
  }

  @Test
  void padsMarkdownTablesSoThatColumnsLineUp() {
    String text = MarkdownReport.write(StudyReport.of(SampleStudies.hostile(), List.of()));
    var block = new ArrayList<String>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("|")) {
        block.add(line);
        assertThat(line.codePointCount(0, line.length()))
            .isEqualTo(block.getFirst().codePointCount(0, block.getFirst().length()));
      } else {
        block.clear();
      }
    }
    assertThat(text).doesNotContain("\n<").doesNotContain(" <img");
  }

  @Test
  void writesEvaluationsInTheReleasedLayout() {
    var rows =
        List.of(
            row(-2, 10, Optional.of(-1.5), Optional.of(2.25), Optional.of(0.05), Verdict.ELIGIBLE),
            row(-1, 3, Optional.empty(), Optional.empty(), Optional.of(2.0), Verdict.KL_TOO_HIGH));
    assertThat(DirectionEvaluations.all(Selection.of(rows, SelectionRules.paper())))
        .isEqualTo(
            """
            [
                {
                    "position": -2,
                    "layer": 10,
                    "refusal_score": -1.5,
                    "steering_score": 2.25,
                    "kl_div_score": 0.05
                },
                {
                    "position": -1,
                    "layer": 3,
                    "refusal_score": null,
                    "steering_score": null,
                    "kl_div_score": 2.0
                }
            ]\
            """);
  }

  @Test
  @Tag("real")
  void givesBackTheReleasedRunsEvaluations() throws IOException {
    Path run = RealData.path("released-run/select_direction");
    JsonNode all = JSON.readTree(Files.readString(run.resolve("direction_evaluations.json")));
    JsonNode filtered =
        JSON.readTree(Files.readString(run.resolve("direction_evaluations_filtered.json")));
    var eligible = new ArrayList<JsonNode>();
    filtered.forEach(eligible::add);
    var rows = new ArrayList<CandidateScores>();
    for (var row : all) {
      rows.add(
          row(
              row.get("position").asInt(),
              row.get("layer").asInt(),
              Optional.of(row.get("refusal_score").asDouble()),
              Optional.of(row.get("steering_score").asDouble()),
              Optional.of(row.get("kl_div_score").asDouble()),
              eligible.contains(row) ? Verdict.ELIGIBLE : Verdict.TOO_LATE));
    }
    var selection = Selection.of(rows, SelectionRules.paper());
    assertThat(JSON.readTree(DirectionEvaluations.all(selection))).isEqualTo(all);
    assertThat(JSON.readTree(DirectionEvaluations.filtered(selection))).isEqualTo(filtered);
  }

  private static CandidateScores row(
      int position,
      int layer,
      Optional<Double> bypass,
      Optional<Double> induce,
      Optional<Double> kl,
      Verdict verdict) {
    return new CandidateScores(new Candidate(position, layer), 1, bypass, induce, kl, verdict);
  }
}
