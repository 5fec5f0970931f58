package dev.demur.lab.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.lab.LabRemedy;
import dev.demur.lab.RealData;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.remedy.Remedied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Direction files as other tools write them (tools/golden/direction_files.py).
@Scoped
class DirectionImportTest {

  private static final Path FOLDER = Path.of("src/test/resources/golden/directions");

  /// A float32 unit vector times a float64 length, components about 1.
  private static final double TOLERANCE = 1e-6;

  @TempDir Path temporary;

  private JsonNode expected;

  @BeforeEach
  void open() throws IOException {
    expected = new JsonMapper().readTree(Files.readString(FOLDER.resolve("expected.json")));
  }

  /// What a person says, nothing to begin with.
  private record Said(
      Set<Operation> operations,
      Optional<Site> site,
      OptionalInt layer,
      Optional<LayerNumbering> numbering,
      OptionalInt position,
      Optional<String> tensor) {

    static Said nothing() {
      return new Said(
          Set.of(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty());
    }

    static Said additionAt(Site site) {
      return new Said(
          Set.of(Operation.ADDITION),
          Optional.of(site),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty());
    }

    Said layer(int value) {
      return new Said(operations, site, OptionalInt.of(value), numbering, position, tensor);
    }

    Said numbering(LayerNumbering value) {
      return new Said(operations, site, layer, Optional.of(value), position, tensor);
    }

    Said position(int value) {
      return new Said(operations, site, layer, numbering, OptionalInt.of(value), tensor);
    }

    Said tensor(String value) {
      return new Said(operations, site, layer, numbering, position, Optional.of(value));
    }

    DirectionImport.Imported of(String file) throws IOException {
      return of(FOLDER.resolve(file));
    }

    DirectionImport.Imported of(Path file) throws IOException {
      return DirectionImport.read(
          file, new ImportRequest(operations, site, layer, numbering, position, tensor));
    }
  }

  @Test
  void aViewIntoALargerStorageIsTheVectorItShows() throws IOException {
    var imported = Said.additionAt(Site.RESID_PRE).of("direction.pt");
    assertVector(imported, expected.path("grid").path(1).path(2));
    assertThat(imported.direction().source()).isEqualTo(new HookPoint(2, Site.RESID_PRE));
    assertThat(imported.direction().position()).isEqualTo(-2);
    assertThat(imported.operations()).containsExactly(Operation.ADDITION);
  }

  @Test
  void aPlaceOfTheGridIsChosenByPositionAndLayer() throws IOException {
    var imported = Said.additionAt(Site.RESID_PRE).layer(3).position(-3).of("mean_diffs.pt");
    assertVector(imported, expected.path("grid").path(0).path(3));
    assertThat(imported.direction().source()).isEqualTo(new HookPoint(3, Site.RESID_PRE));
    assertThat(imported.direction().position()).isEqualTo(-3);
  }

  @Test
  void aControlVectorsLayersMeanWhatTheNumberingSays() throws IOException {
    var said = Said.additionAt(Site.RESID_POST).layer(2);
    var from0 = said.numbering(LayerNumbering.FROM_0).of("control.gguf");
    var from1 = said.numbering(LayerNumbering.FROM_1).of("control.gguf");
    assertVector(from0, expected.path("grid").path(2).path(2));
    assertVector(from1, expected.path("grid").path(2).path(2));
    assertThat(from0.direction().source()).isEqualTo(new HookPoint(2, Site.RESID_POST));
    assertThat(from1.direction().source()).isEqualTo(new HookPoint(1, Site.RESID_POST));
    assertThat(from0.model()).contains("llama");
  }

  @Test
  void aControlVectorOfOneLayerSaysWhich() throws IOException {
    var imported = Said.additionAt(Site.RESID_POST).numbering(LayerNumbering.FROM_0).of("one.gguf");
    assertThat(imported.direction().source()).isEqualTo(new HookPoint(3, Site.RESID_POST));
  }

  @Test
  void plainFilesAreReadByShapeAndName() throws IOException {
    var said = Said.additionAt(Site.RESID_MID);
    assertVector(said.layer(1).of("plain.safetensors"), expected.path("half"));
    assertVector(
        said.layer(2).tensor("rows").of("several.safetensors"),
        expected.path("grid").path(1).path(2));
    assertVector(
        said.layer(15).tensor("vectors.15").of("nested.pt"), expected.path("grid").path(0).path(1));
  }

  @Test
  void whatIsMissingIsAskedForInOneLine() {
    assertMissing("direction.pt", Said.nothing(), LabRemedy.SAY_OPERATION, LabRemedy.SAY_SITE);
    assertMissing(
        "mean_diffs.pt",
        Said.nothing(),
        LabRemedy.SAY_OPERATION,
        LabRemedy.SAY_SITE,
        LabRemedy.SAY_LAYER,
        LabRemedy.SAY_POSITION);
    assertMissing(
        "control.gguf",
        Said.nothing(),
        LabRemedy.SAY_OPERATION,
        LabRemedy.SAY_SITE,
        LabRemedy.SAY_NUMBERING,
        LabRemedy.SAY_LAYER);
    assertMissing("one.gguf", Said.additionAt(Site.RESID_POST), LabRemedy.SAY_NUMBERING);
    assertMissing("plain.safetensors", Said.additionAt(Site.RESID_POST), LabRemedy.SAY_LAYER);
    assertMissing(
        "several.safetensors", Said.additionAt(Site.RESID_POST).layer(1), LabRemedy.SAY_TENSOR);
  }

  private static void assertMissing(String file, Said said, LabRemedy... facts) {
    assertThatThrownBy(() -> said.of(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file + " does not say")
        .hasMessageNotContaining("\n")
        .satisfies(
            e -> assertThat(e.getMessage().split("; nor ", -1)).hasSameSizeAs(facts),
            e -> assertThat(((Remedied) e).remedies()).containsExactly(facts));
  }

  @Test
  void whatIsNotThereIsNamed() {
    var said = Said.additionAt(Site.RESID_PRE).position(-1);
    assertRefused("mean_diffs.pt", said.layer(4), "has no such layer");
    assertRefused("mean_diffs.pt", said.layer(1).position(-4), "has no such position");
    assertRefused(
        "control.gguf",
        said.layer(4).numbering(LayerNumbering.FROM_0),
        "holds no direction.4, only 1 to 3");
    assertRefused("plain.safetensors", said.layer(1).tensor("w"), "no tensor \"w\"");
    assertRefused("expected.json", said.layer(1), "expected.json");
  }

  private static void assertRefused(String file, Said said, String message) {
    assertThatThrownBy(() -> said.of(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anImportedDirectionSurvivesItsFile() throws IOException {
    var imported = Said.additionAt(Site.RESID_PRE).of("direction.pt");
    Path file = temporary.resolve("direction.safetensors");
    var unknown = Provenance.UNKNOWN;
    new DirectionFile(
            imported.direction(),
            imported.operations(),
            new Provenance("somewhere", unknown, unknown, "test"))
        .write(file);
    var read = DirectionFile.read(file);
    assertThat(read.operations()).containsExactly(Operation.ADDITION);
    assertThat(read.direction().source()).isEqualTo(imported.direction().source());
    assertThat(read.direction().raw().toFloats()).isEqualTo(imported.direction().raw().toFloats());
    assertThat(read.doubt("m", "hash"))
        .hasValueSatisfying(d -> assertThat(d).contains("not known"));
    assertThatThrownBy(() -> read.requireFor(Operation.ABLATION))
        .hasMessageContaining("imported for addition, not for ablation");
    assertRefusedAgain(file);
  }

  private static void assertRefusedAgain(Path file) {
    assertThatThrownBy(() -> Said.additionAt(Site.RESID_PRE).of(file))
        .hasMessageContaining("is a direction file of Demur already");
  }

  @Test
  @Tag("real")
  void readsTheReleasedRun() throws IOException {
    Path run = RealData.path("released-run");
    var direction = Said.additionAt(Site.RESID_PRE).of(run.resolve("direction.pt")).direction();
    assertThat(direction.norm()).isEqualTo(10.064353, within(1e-6));
    assertThat(direction.raw().toDoubles()[0]).isEqualTo(0.097540, within(1e-6));
    var again =
        Said.additionAt(Site.RESID_PRE)
            .layer(direction.source().layer())
            .position(direction.position())
            .of(run.resolve("generate_directions/mean_diffs.pt"))
            .direction();
    assertThat(again.raw().minus(direction.raw()).abs().max()).isLessThan(TOLERANCE);
  }

  private static void assertVector(DirectionImport.Imported imported, JsonNode values) {
    double[] found = imported.direction().raw().toDoubles();
    assertThat(found).hasSize(values.size());
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isEqualTo(values.get(i).asDouble(), within(TOLERANCE));
    }
  }
}
