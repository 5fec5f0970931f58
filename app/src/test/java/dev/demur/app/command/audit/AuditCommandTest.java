package dev.demur.app.command.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.app.Cli;
import dev.demur.app.DemoDirection;
import dev.demur.app.cli.ExitCode;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.WriterEdits;
import dev.demur.lab.audit.AuditResult;
import dev.demur.lab.audit.AuditRun;
import dev.demur.lab.audit.CheckpointAudit;
import dev.demur.lab.audit.ParentComparison;
import dev.demur.lab.audit.Residue;
import dev.demur.lab.audit.Verdict;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.run.Progress;
import dev.demur.model.ChatModel;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.format.ModelFiles;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// `demur audit` on the embedded model: the main rows of docs/results/audit.md.
@Scoped
class AuditCommandTest {

  /// Where the demo model's study finds its direction.
  private static final int LAYER = 5;

  @TempDir Path folder;

  private static ModelFiles demo;
  private static Direction direction;

  @BeforeAll
  static void open() throws IOException {
    try (var model = ChatModel.load(demoFolder())) {
      direction = DemoDirection.of(model, LAYER);
    }
    demo = ModelLocator.ofEnvironment().open("demo");
  }

  private static String demoFolder() throws IOException {
    return DemoModel.prompts().resolveSibling("chat").toString();
  }

  @AfterAll
  static void close() {
    demo.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "demo-base"})
  void theEmbeddedModelsAreClean(String model) {
    var outcome = Cli.run("audit", model, "--fail-on", "suspect");
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).contains(": clean (no mark of an edit)");
  }

  /// E14: the file was missed after everything was measured.
  @Test
  void aFolderThatIsMissingForTheResultIsSaidAtOnce() {
    var outcome = Cli.run("audit", "demo", "--direction-out", "nowhere/at/all.safetensors");
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err().lines()).singleElement().asString().contains("nowhere/at: no such");
  }

  /// E14: too few prompts were refused after minutes of measuring.
  @Test
  void tooFewPromptsAreRefusedBeforeAnythingIsMeasured() {
    var outcome = Cli.run("audit", "demo", "--data", "demo", "--prompts", 4);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err().lines()).singleElement().asString().contains("at least 8", "4");
  }

  @Test
  void ordinaryTrainingIsNoEdit() {
    var outcome = Cli.run("audit", "demo", "--parent", "demo-base", "--fail-on", "suspect");
    assertThat(outcome.code()).describedAs(outcome.out()).isZero();
    assertThat(outcome.out()).contains("as after training or rounding");
  }

  @ParameterizedTest
  @CsvSource({"0.3, BF16", "0.5, BF16", "1, Q4_0", "1.3, Q8_0", "2, BF16"})
  void againstTheParentEditsOfEveryStrengthAreSeen(double strength, String type)
      throws IOException {
    var edited =
        WriterEdits.edited(
            demo, _ -> true, _ -> WriterEdits.removing(direction.unit(), strength), type);
    var result =
        ParentComparison.of(edited, demo, Optional.of(direction.unit()), Progress.silent());
    assertThat(result.verdict()).isEqualTo(Verdict.EDITED);
    assertThat(result.strength()).isCloseTo(strength, within(0.05));
    assertThat(result.cosine().orElseThrow()).isGreaterThan(0.98);
    assertThat(result.agreement()).isGreaterThan(0.9);
  }

  @Test
  void anEditedCheckpointIsCalledSo() throws IOException {
    Path edited = folder.resolve("edited");
    Path file = folder.resolve("direction.safetensors");
    new DirectionFile(direction, new Provenance("demo", "0", "0", "test")).write(file);
    Cli.run("edit", demoFolder(), "--direction", file, "-o", edited, "--no-verify");
    Path recovered = folder.resolve("recovered.safetensors");
    var outcome =
        Cli.run("audit", edited, "--fail-on", "edited", "--json", "--direction-out", recovered);
    assertThat(outcome.code()).describedAs(outcome.err()).isEqualTo(ExitCode.CONDITION_MET);
    var json = JsonMapper.shared().readTree(outcome.out());
    assertThat(json.path("verdict").asString()).isEqualTo("edited");
    assertThat(json.path("false_alarm_probability").asDouble()).isLessThan(1e-9);
    assertThat(json.path("audit").path("candidate").path("strength").path("estimate").asDouble())
        .isGreaterThan(0.99);
    assertThat(json.path("audit").path("candidate").path("residue").asString()).isEqualTo("bf16");
    assertThat(json.path("audit").path("layers").size()).isEqualTo(16);
    var unit = DirectionFile.read(recovered).direction().unit();
    assertThat(Math.abs(unit.dotRows(direction.unit()).item())).isGreaterThan(0.999);
    var page = Cli.run("audit", edited, "--parent", "demo", "--direction", file).out();
    assertThat(page)
        .contains(": edited", "missing from 16 of 16", "one direction was removed", "λ = 1.00")
        .contains("|cos| 1.000 with the most isolated one");
  }

  @ParameterizedTest
  @CsvSource({
    "1, BF16, 0.999",
    "1, Q8_0, 0.999",
    "1, Q4_0, 0.98",
    "0.9, BF16, 0.98",
    "0.9, Q4_0, 0.98",
    "0.7, BF16, 0.8"
  })
  void findsEditsOfAllStrengthsDownToFourBits(double strength, String type, double cosine)
      throws IOException {
    var run = audit(_ -> true, _ -> WriterEdits.removing(direction.unit(), strength), type);
    assertThat(run.result().verdict()).isEqualTo(Verdict.EDITED);
    assertThat(cosine(run)).isGreaterThan(cosine);
    var found = run.result().candidate().orElseThrow().strength();
    assertThat(strength).isBetween(found.low() - 0.1, found.high() + 0.1);
  }

  @Test
  void aThirdOfADirectionIsNotSeen() throws IOException {
    var run = audit(_ -> true, _ -> WriterEdits.removing(direction.unit(), 0.3), "BF16");
    assertThat(run.result().verdict()).isEqualTo(Verdict.CLEAN);
  }

  @Test
  void editsThatLeaveTheEmbeddingAloneAreSeen() throws IOException {
    var run = audit(WriterEdits::inBlocks, _ -> WriterEdits.removing(direction.unit(), 1), "BF16");
    assertThat(run.result().verdict()).isEqualTo(Verdict.EDITED);
    assertThat(cosine(run)).isGreaterThan(0.999);
    assertThat(run.result().matrices())
        .filteredOn(m -> m.component().equals("embedding"))
        .allMatch(m -> m.energy() > 0.1);
    assertThat(run.result().candidate().flatMap(AuditResult.Candidate::residue))
        .contains(Residue.BF16);
  }

  @Test
  void editsOfHalfTheLayersAreSeen() throws IOException {
    var run =
        audit(
            w -> WriterEdits.inBlocks(w) && w.layer().orElse(0) >= 4,
            _ -> WriterEdits.removing(direction.unit(), 1),
            "BF16");
    assertThat(run.result().verdict()).isEqualTo(Verdict.EDITED);
    assertThat(cosine(run)).isGreaterThan(0.999);
    assertThat(run.result().candidate().orElseThrow().lacking()).isEqualTo(8);
  }

  @Test
  void editsThatKeepLengthsAreSeen() throws IOException {
    var vectors =
        audit(_ -> true, _ -> WriterEdits.removingKeepingVectorLengths(direction.unit()), "BF16");
    var coordinates =
        audit(
            _ -> true, _ -> WriterEdits.removingKeepingCoordinateLengths(direction.unit()), "BF16");
    assertThat(vectors.result().verdict()).isEqualTo(Verdict.EDITED);
    assertThat(coordinates.result().verdict()).isEqualTo(Verdict.EDITED);
    assertThat(cosine(vectors)).isGreaterThan(0.999);
    assertThat(cosine(coordinates)).isGreaterThan(0.98);
  }

  @Test
  void twoDirectionsAreCounted() throws IOException {
    var other = TinyModels.unit(new Random(4), direction.dModel());
    var run =
        audit(
            _ -> true,
            _ ->
                x ->
                    WriterEdits.removing(other, 1)
                        .apply(WriterEdits.removing(direction.unit(), 1).apply(x)),
            "F32");
    assertThat(run.result().verdict()).isEqualTo(Verdict.EDITED);
    assertThat(run.result().candidate().orElseThrow().gap().rank()).isEqualTo(2);
  }

  private static AuditRun audit(
      Predicate<StreamWriter> where, WriterEdits.OnVectors edit, String type) throws IOException {
    return CheckpointAudit.of(WriterEdits.edited(demo, where, edit, type), Progress.silent());
  }

  private static double cosine(AuditRun run) {
    var unit = run.directions().orElseThrow().row(0);
    return Math.abs(unit.dotRows(direction.unit()).item());
  }
}
