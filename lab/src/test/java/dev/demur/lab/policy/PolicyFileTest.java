package dev.demur.lab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Directions and policies are values: equal by their numbers, readable, and the same after a trip
/// through a file. All of it failed while equality was that of two tensors in memory.
class PolicyFileTest {

  private static final HookPoint AT = new HookPoint(3, Site.RESID_PRE);

  /// Lengths are 1 to within float32 rounding, and are divided by.
  private static final double ROUNDING = 1e-7;

  @TempDir private Path folder;

  static Stream<Policy> policies() {
    var random = new Random(RandomPolicies.SEED);
    return Stream.concat(
        Stream.of(
            Policy.none(),
            Policy.ablation(direction(1)),
            Policy.addition(direction(2), -0.1),
            Policy.clamp(direction(3), 1 / 3.0)),
        Stream.generate(() -> RandomPolicies.next(random)).limit(20));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void readsBackEqual(Policy policy) throws IOException {
    var file = folder.resolve("policy.safetensors");
    policy.write(file);
    assertThat(Policy.read(file)).isEqualTo(policy).hasSameHashCodeAs(policy);
  }

  @Test
  void remembersTheModelItWasMadeFor() throws IOException {
    var file = folder.resolve("policy.safetensors");
    var written =
        new PolicyFile(
            Policy.ablation(direction(1)), Optional.of(new Provenance("tiny", "a", "b", "test")));
    written.write(file);
    assertThat(PolicyFile.read(file)).isEqualTo(written);
    assertThat(written.doubt("tiny", "a")).isEmpty();
    assertThat(written.doubt("other", "c")).hasValueSatisfying(x -> assertThat(x).contains("tiny"));
  }

  @Test
  void anInterventionOfAnEarlierVersionIsRead() throws IOException {
    var file = folder.resolve("intervention.safetensors");
    write(file, "ablation", "0", direction(1));
    assertThat(Policy.read(file)).isEqualTo(Policy.ablation(direction(1)));
    write(file, "addition", "-0.5", direction(1));
    assertThat(Policy.read(file)).isEqualTo(Policy.addition(direction(1), -0.5));
    assertThat(PolicyFile.isOne(file)).isTrue();
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
    assertThat(Policy.ablation(direction(1))).isEqualTo(Policy.ablation(direction(1)));
    assertThat(direction(1)).hasSameHashCodeAs(direction(1)).isNotEqualTo(direction(2));
    var one = direction(1);
    assertThat(new Direction(one.unit(), one.norm() * 2, AT, -1)).isNotEqualTo(one);
    assertThat(new Direction(one.unit(), one.norm(), AT, -2)).isNotEqualTo(one);
    assertThat(Policy.addition(one, 1)).isNotEqualTo(Policy.addition(one, 2));
  }

  @Test
  void printsWhatItDoes() {
    assertThat(Policy.addition(direction(1), 2)).hasToString("add 2 r");
    assertThat(Policy.addition(direction(1), 2).description())
        .matches(
            "add 2 r, where r is the direction of blocks\\.3\\.hook_resid_pre at -1, \\[8\\], norm"
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
  void refusesWhatIsNoPolicy() throws IOException {
    var file = folder.resolve("other.safetensors");
    new DirectionFile(direction(4), new Provenance("tiny", "a", "b", "test")).write(file);
    assertThatThrownBy(() -> Policy.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("demur-policy");
    write(file, "twist", "1", direction(1));
    assertThatThrownBy(() -> Policy.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("kind = \"twist\", expected none, ablation, addition or clamp");
    write(file, "addition", "NaN", direction(1));
    assertThatThrownBy(() -> Policy.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("coefficient must be finite");
    try (var writer = SafetensorsWriter.create(file, 0)) {
      writer.metadata("format", "demur-policy");
      writer.metadata("format_version", "1");
      writer.metadata("policy", "ablate r");
      writer.metadata("names", "[null]");
      writer.finish();
    }
    assertThatThrownBy(() -> Policy.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("names = \"[null]\", expected a list of ingredients");
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
