package dev.demur.lab.steer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.steer.Intervention.Ablation;
import dev.demur.lab.steer.Intervention.ActivationAddition;
import dev.demur.lab.steer.Intervention.None;
import dev.demur.lab.steer.Intervention.ProjectionClamp;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Directions and interventions are values: equal by their numbers, readable, and the same after a
/// trip through a file. All of it failed while equality was that of two tensors in memory.
class InterventionFileTest {

  private static final HookPoint AT = new HookPoint(3, Site.RESID_PRE);

  /// Lengths are 1 to within float32 rounding, and are divided by.
  private static final double ROUNDING = 1e-7;

  @TempDir private Path folder;

  static Stream<Intervention> kinds() {
    return Stream.of(
        new None(),
        new Ablation(direction(1)),
        new ActivationAddition(direction(2), -0.1),
        new ProjectionClamp(direction(3), 1 / 3.0));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void readsBackEqual(Intervention intervention) throws IOException {
    var file = folder.resolve("intervention.safetensors");
    intervention.write(file);
    assertThat(Intervention.read(file)).isEqualTo(intervention).hasSameHashCodeAs(intervention);
  }

  @Test
  void aDirectionFileReadsBackEqual() throws IOException {
    var file = folder.resolve("direction.safetensors");
    var provenance = new Provenance("tiny", "a", "b", "test");
    new DirectionFile(direction(4), provenance).write(file);
    assertThat(DirectionFile.read(file)).isEqualTo(new DirectionFile(direction(4), provenance));
  }

  @Test
  void isEqualByNumbersAndByNothingElse() {
    assertThat(new Ablation(direction(1))).isEqualTo(new Ablation(direction(1)));
    assertThat(direction(1)).hasSameHashCodeAs(direction(1)).isNotEqualTo(direction(2));
    var one = direction(1);
    assertThat(new Direction(one.unit(), one.norm() * 2, AT, -1)).isNotEqualTo(one);
    assertThat(new Direction(one.unit(), one.norm(), AT, -2)).isNotEqualTo(one);
    assertThat(new ActivationAddition(one, 1)).isNotEqualTo(new ActivationAddition(one, 2));
  }

  @Test
  void printsWhatItDoes() {
    assertThat(new ActivationAddition(direction(1), 2))
        .asString()
        .matches(
            "add 2\\.0 times the direction of blocks\\.3\\.hook_resid_pre at -1, \\[8\\], norm"
                + " \\d\\.\\d+");
  }

  @Test
  void theCosineIsThatOfTheRawDifferences() {
    var x = Tensor.of(new float[] {3, 4, 0}, 3);
    var y = Tensor.of(new float[] {0, 8, 6}, 3);
    var first = Direction.fromMeanDiff(x, AT, -1);
    var second = Direction.fromMeanDiff(y, AT, -1);
    assertThat(first.cosine(second)).isCloseTo(32.0 / 50, within(ROUNDING));
    assertThat(second.cosine(first)).isEqualTo(first.cosine(second));
    assertThat(first.cosine(first)).isCloseTo(1, within(ROUNDING));
    assertThat(first.cosine(Direction.fromMeanDiff(x.times(-2), AT, -1)))
        .isCloseTo(-1, within(ROUNDING));
    assertThatThrownBy(() -> first.cosine(direction(1))).hasMessageContaining("3 and 8");
  }

  @Test
  void refusesWhatIsNoIntervention() throws IOException {
    var file = folder.resolve("other.safetensors");
    new DirectionFile(direction(4), new Provenance("tiny", "a", "b", "test")).write(file);
    assertThatThrownBy(() -> Intervention.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("demur-intervention");
    write(file, "twist", "1", direction(1));
    assertThatThrownBy(() -> Intervention.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("kind = \"twist\", expected none, ablation, addition or clamp");
    write(file, "addition", "NaN", direction(1));
    assertThatThrownBy(() -> Intervention.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("coefficient must be finite");
  }

  private static void write(Path file, String kind, String coefficient, Direction direction)
      throws IOException {
    try (var writer = SafetensorsWriter.create(file, 1)) {
      writer.metadata("format", "demur-intervention");
      writer.metadata("format_version", "1");
      writer.metadata("kind", kind);
      writer.metadata("coefficient", coefficient);
      DirectionFile.describe(direction, writer);
      writer.finish();
    }
  }

  /// The same numbers in memory of its own for every call.
  private static Direction direction(long seed) {
    return Direction.fromMeanDiff(Tensor.gaussian(new Random(seed), 8), AT, -1);
  }
}
