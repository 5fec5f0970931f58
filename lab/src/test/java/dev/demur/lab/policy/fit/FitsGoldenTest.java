package dev.demur.lab.policy.fit;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Names;
import dev.demur.lab.policy.Numbers;
import dev.demur.lab.policy.Policy;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Fitters against their formulas in numpy (tools/golden/policies.py), on the streams of a tiny
/// checkpoint.
@Scoped
class FitsGoldenTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargest(1e-5, "float32 of what both compute in float64");

  private static final HookPoint AT = new HookPoint(2, Site.RESID_PRE);

  private JsonNode golden = JsonMapper.shared().createObjectNode();
  private Safetensors streams = open();

  @BeforeEach
  void read() throws IOException {
    golden =
        JsonMapper.shared()
            .readTree(Files.readString(Path.of("src/test/resources/golden/policies/fits.json")));
  }

  @AfterEach
  void close() {
    streams.close();
  }

  private static Safetensors open() {
    try {
      return Checkpoints.golden(Checkpoints.named("llama-gqa-tied"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void surgicalIsTheFormula() throws IOException {
    for (var lambda : Map.of("lambda_1", 1.0, "lambda_0.8", 0.8).entrySet()) {
      var found =
          Surgical.direction(
              stream(0, 2), stream(1, 2), stream(2, 2), lambda.getValue(), refusal());
      assertClose(found.raw(), vector(golden.path("surgical").path(lambda.getKey())), ROUNDING);
    }
    assertThat(
            Surgical.direction(stream(0, 2), stream(1, 2), stream(2, 2), 1, refusal())
                .cosine(refusal()))
        .as("nothing of refusal is left")
        .isCloseTo(0, within(1e-6));
  }

  @Test
  void theNullSpaceMapIsTheFormula() throws IOException {
    var r = stream(1, 2).to(DType.F64).mean(0).minus(stream(2, 2).to(DType.F64).mean(0));
    var map = new NullSpace(0.5, 10).map(stream(2, 2), stream(1, 2), r);
    assertClose(map.reshape(-1), vector(golden.path("null_space").path("map")), ROUNDING);
    assertThatThrownBy(() -> new NullSpace(0, 10)).hasMessageContaining("share");
  }

  @Test
  void benignPromptsInTheirOwnSpanAreLeftAlone() {
    var random = new Random(7);
    var benign = Tensor.gaussian(random, 3, 8);
    var harmful = Tensor.gaussian(random, 5, 8);
    var map = new NullSpace(0.5, 10).map(benign, harmful, Tensor.gaussian(random, 8));
    assertThat(benign.matmul(map).abs().max()).isLessThan(1e-5 * harmful.matmul(map).abs().max());
  }

  @Test
  void theConditionIsTheBestOfAllLayersThresholdsAndSides() throws IOException {
    var found =
        Condition.best(
            List.of(
                new Condition.Layer(1, stream(1, 1), stream(2, 1)),
                new Condition.Layer(2, stream(1, 2), stream(2, 2))));
    var expected = golden.path("condition");
    assertThat(found.layer()).isEqualTo(expected.path("layer").asInt());
    assertThat(found.side()).hasToString(expected.path("side").asString());
    assertThat(found.f1()).isCloseTo(expected.path("f1").asDouble(), within(1e-12));
    assertThat(found.threshold()).isCloseTo(expected.path("threshold").asDouble(), within(1e-6));
    var unit = vector(expected.path("unit"));
    assertThat(Math.abs(found.unit().dotRows(unit).item())).isCloseTo(1, within(1e-5));
  }

  @Test
  void clustersAndTheirSpanAreNumpys() throws IOException {
    var directions = Clusters.directions(stream(1, 2), stream(2, 2), 3);
    assertClose(
        directions.to(DType.F32).reshape(-1),
        vector(golden.path("clusters").path("directions")),
        ROUNDING);
    var plane = new Ingredient.Subspace(new Numbers(Clusters.basis(directions)), AT, -1);
    var rows = stream(0, 2).narrow(0, 0, 3);
    assertClose(
        rows.minus(edited("ablate v @sites resid_pre", Map.of("v", plane), rows)).reshape(-1),
        vector(golden.path("clusters").path("removed")),
        ROUNDING);
  }

  @Test
  void theUnitsOfAMapAreNumpys() throws IOException {
    var map = new SelfOrganisingMap(2, 0.33, 0.01, 20);
    assertClose(
        map.directions(stream(1, 2), stream(2, 2)).to(DType.F32).reshape(-1),
        vector(golden.path("som").path("directions")),
        ROUNDING);
    assertThatThrownBy(() -> SelfOrganisingMap.published().directions(stream(0, 2), stream(2, 2)))
        .hasMessageContaining("needs at least as many harmful prompts");
  }

  @Test
  void aMonitorsGateAddsTheDirectionToPromptsAboveItsThreshold() throws IOException {
    var expected = golden.path("monitor");
    var before = new HookPoint(1, Site.RESID_PRE);
    var detector =
        new Ingredient.Detector(
            new Numbers(vector(expected.path("weight"))),
            expected.path("bias").asDouble(),
            before,
            -1);
    var fitted = PolicyFits.gated(refusal(), detector, expected.path("threshold").asDouble(), 0.7);
    var plan = fitted.policy().plan(3);
    var names = List.of("pseudo", "harmful", "harmless");
    for (int prompt = 0; prompt < names.size(); prompt++) {
      var tokens = Rows.single(prompt, Math.toIntExact(stream(prompt, 1).dim(0)));
      plan.apply(before, stream(prompt, 1), tokens);
      assertClose(
          names.get(prompt),
          plan.apply(AT, stream(prompt, 2), tokens).reshape(-1),
          vector(expected.path("edited").path(names.get(prompt))),
          ROUNDING);
    }
  }

  @Test
  void anAffineEditIsTheFormula() throws IOException {
    var centre = stream(2, 2).to(DType.F64).mean(0).to(DType.F32);
    var ace = new Ingredient.Centred(refusal(), new Numbers(centre));
    assertClose(
        edited("affine 0.5 ace", Map.of("ace", ace), stream(0, 2).narrow(0, 0, 3)).reshape(-1),
        vector(golden.path("ace").path("edited")),
        ROUNDING);
  }

  private static Tensor edited(String line, Map<String, Ingredient> names, Tensor rows) {
    return Policy.parse(line, Names.of(names))
        .plan(3)
        .apply(AT, rows, Rows.single(0, Math.toIntExact(rows.dim(0))));
  }

  private Direction refusal() throws IOException {
    var raw = stream(1, 2).to(DType.F64).mean(0).minus(stream(2, 2).to(DType.F64).mean(0));
    return Direction.fromMeanDiff(raw, AT, -1);
  }

  /// Tokens of a golden prompt as if each were a prompt, `[prompt, d_model]`.
  private Tensor stream(int prompt, int layer) throws IOException {
    return Checkpoints.tensor(streams, "prompt." + prompt + ".blocks." + layer + ".hook_resid_pre");
  }

  private static Tensor vector(JsonNode numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) numbers.get(i).asDouble();
    }
    return Tensor.of(values, values.length);
  }
}
