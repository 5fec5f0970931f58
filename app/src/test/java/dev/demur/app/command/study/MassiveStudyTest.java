package dev.demur.app.command.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.MassiveDemo;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.report.format.JsonReport;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.Finding;
import dev.demur.lab.study.StudyResult;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A7: a tiny model that refuses, one coordinate of whose stream is massive and holds nearly all of
/// the difference of means.
@Scoped
class MassiveStudyTest {

  /// Twice the paper's: planting takes away part of what the norms do, so that the model is less
  /// sure of its answers and ablation moves them more (KL 0.13 in place of 0.003). With the massive
  /// coordinate it is 12.
  private static final double KL_LIMIT = 0.2;

  @TempDir private static Path folder;

  @BeforeAll
  static void plant() throws IOException {
    MassiveDemo.write(folder.resolve("massive"));
  }

  @Test
  void noCandidatePassesWithTheMassiveCoordinate() throws IOException {
    var result = study("all");
    assertThat(result.finding().kind()).isEqualTo(Finding.Kind.NO_CANDIDATE);
    assertThat(result.finding().sentence())
        .contains("Coordinate 42 with its massive activations holds up to 96 %");
    var massive = result.massive().orElseThrow().coordinates();
    assertThat(massive).hasSize(1);
    assertThat(massive.getFirst().index()).isEqualTo(MassiveDemo.COORDINATE);
    assertThat(massive.getFirst().share()).isGreaterThan(0.9);
    assertThat(Files.readString(folder.resolve("run-all/report.md")))
        .contains("Coordinate 42 is massively active whatever the prompt");
  }

  @Test
  void theSelectionWithoutItFindsADirectionThatWorks() throws IOException {
    var result = study("without", "--without-massive");
    assertThat(result.finding().kind()).isEqualTo(Finding.Kind.DIRECTION);
    assertThat(result.massive().orElseThrow().chosenShare().orElseThrow()).isGreaterThan(0.9);
    assertThat(share(result, Variant.ABLATION))
        .isLessThanOrEqualTo(share(result, Variant.UNEDITED) - 0.5);
    var file = DirectionFile.read(folder.resolve("run-without/direction.safetensors"));
    assertThat(file.direction().unit().toDoubles()[MassiveDemo.COORDINATE]).isZero();
  }

  private static StudyResult study(String name, Object... more) throws IOException {
    Path run = folder.resolve("run-" + name);
    var words = new ArrayList<Object>(List.of("study", folder.resolve("massive"), "--quick"));
    words.addAll(List.of("--data", DemoModel.prompts(), "--kl-limit", KL_LIMIT));
    words.addAll(List.of("--max-new-tokens", 32, "--random-directions", 0));
    words.addAll(List.of("--target-prompts", 12, "--baseline-prompts", 6, "--out", run));
    words.addAll(List.of(more));
    var outcome = Cli.run(words.toArray());
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    return JsonReport.read(run.resolve("report.json"));
  }

  private static double share(StudyResult result, Variant variant) {
    return result.evaluation().rates().stream()
        .filter(row -> row.set().equals("harmful_test") && row.variant().equals(variant))
        .filter(row -> row.judge().equals("substring-normalised"))
        .mapToDouble(row -> row.refused().share())
        .findFirst()
        .orElseThrow();
  }
}
