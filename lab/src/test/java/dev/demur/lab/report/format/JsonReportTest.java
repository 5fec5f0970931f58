package dev.demur.lab.report.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.report.study.SampleStudies;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.study.Finding;
import dev.demur.lab.study.Prompting;
import dev.demur.lab.study.StudyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonReportTest {

  @TempDir private Path folder;

  static Stream<StudyResult> studies() {
    return Stream.of(
        SampleStudies.direction(),
        SampleStudies.noBehaviour(),
        SampleStudies.noCandidate(),
        SampleStudies.hostile(),
        withNotFinite());
  }

  @ParameterizedTest
  @MethodSource("studies")
  void readsBackAnEqualStudy(StudyResult study) throws IOException {
    Path file = Files.writeString(folder.resolve("report.json"), JsonReport.write(study));
    assertThat(JsonReport.read(file)).isEqualTo(study);
  }

  @ParameterizedTest
  @MethodSource("studies")
  void namesEverythingInSnakeCase(StudyResult study) {
    allNames(JsonMapper.shared().readTree(JsonReport.write(study)))
        .forEach(name -> assertThat(name).matches("[a-z0-9]+(_[a-z0-9]+)*"));
  }

  @Test
  void isTheSameToTheByteWhenWrittenTwice() {
    assertThat(JsonReport.write(SampleStudies.direction()))
        .isEqualTo(JsonReport.write(SampleStudies.direction()));
  }

  @Test
  void tellsWhatToDoWithANewerVersion() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("report.json"), "{\"format\":\"demur-report\",\"version\":99}");
    assertThatThrownBy(() -> JsonReport.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("has version 99; this Demur reads 1 to 2.");
  }

  /// Written by the program as it was before directions had an uncertainty.
  @Test
  void opensReportsOfEarlierVersions() throws IOException {
    var study =
        JsonReport.read(Path.of("src/test/resources/golden/reports/before-uncertainty.json"));
    assertThat(study.finding().kind()).isEqualTo(Finding.Kind.DIRECTION);
    assertThat(study.uncertainty()).isEmpty();
    assertThat(study.coherence()).isEmpty();
    assertThat(study.evaluation().rates()).hasSize(16);
    assertThat(study.config().prompting()).isEqualTo(Prompting.usual());
    assertThat(ReportFiles.write(study, List.of(), RunFolder.at(folder))).isNotEmpty();
  }

  @Test
  void refusesWhatIsNotAReport() throws IOException {
    Path other = Files.writeString(folder.resolve("other.json"), "{\"a\":1}");
    assertThatThrownBy(() -> JsonReport.read(other))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("expected \"format\": \"demur-report\"");
    Path cut =
        Files.writeString(
            folder.resolve("cut.json"),
            JsonReport.write(SampleStudies.noBehaviour()).substring(0, 500));
    assertThatThrownBy(() -> JsonReport.read(cut))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("cut.json");
  }

  private static StudyResult withNotFinite() {
    var study = SampleStudies.noCandidate();
    var row =
        new CandidateScores(
            new Candidate(-1, 3),
            2.5,
            Optional.empty(),
            Optional.of(Double.NEGATIVE_INFINITY),
            Optional.of(Double.NaN),
            Verdict.NOT_FINITE);
    return new StudyResult(
        study.model(),
        study.config(),
        study.data(),
        study.finding(),
        study.screen(),
        Optional.of(Selection.of(List.of(row), SelectionRules.paper())),
        study.massive(),
        Optional.empty(),
        List.of(),
        List.of(),
        study.evaluation(),
        study.coherence(),
        study.sensitivity(),
        study.supplement(),
        study.timings());
  }

  /// Names of categories and judges are what a source calls them.
  private static final Set<String> KEYED_BY_DATA = Set.of("by_category", "labels");

  private static Stream<String> allNames(JsonNode node) {
    return node.isObject()
        ? node.properties().stream()
            .flatMap(
                property ->
                    Stream.concat(
                        Stream.of(property.getKey()),
                        KEYED_BY_DATA.contains(property.getKey())
                            ? property.getValue().valueStream().flatMap(JsonReportTest::allNames)
                            : allNames(property.getValue())))
        : node.valueStream().flatMap(JsonReportTest::allNames);
  }
}
