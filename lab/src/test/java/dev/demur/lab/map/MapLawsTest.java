package dev.demur.lab.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.direction.SelectionRules.Coordinates;
import dev.demur.lab.direction.SelectionRules.Criterion;
import dev.demur.lab.map.effect.Effect;
import dev.demur.lab.map.effect.Outcome;
import dev.demur.lab.map.effect.Tried.Purpose;
import dev.demur.lab.map.effect.Tried.Way;
import dev.demur.lab.map.geometry.PairGeometry;
import dev.demur.lab.map.pairs.MapData;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.pairs.Pair;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.map.reading.MapConfig.Scalings;
import dev.demur.lab.map.reading.PlaceChoice;
import dev.demur.lab.map.reading.Side;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.stats.PairedTest;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds of every map.
@Scoped
class MapLawsTest {

  private static final Offset<Double> ROUNDING = within(1e-9);

  @TempDir private Path folder;

  // ---- a whole map ---------------------------------------------------------------------------

  private static List<MapPrompt> prompts(String words, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> MapPrompt.of(words + " the " + "red blue old new".split(" ")[i % 4] + " " + i))
        .toList();
  }

  private static MapData data() {
    var contrast = prompts("Bake", 12);
    return MapData.of(
        List.of(
            new Pair("break", prompts("Break", 12), contrast),
            new Pair("take", prompts("Take", 12), contrast),
            new Pair("hide", prompts("Hide", 12), prompts("Show", 12))));
  }

  private static MapConfig config() {
    return MapConfig.usual()
        .at(1, -1)
        .withSizes(6, 3)
        .withDoses(List.of(0.5))
        .with(new Scalings(List.of(1.0, 1.1), List.of(1)));
  }

  private MapResult map() throws IOException {
    return map(data(), config());
  }

  private MapResult map(MapData data, MapConfig config) throws IOException {
    try (var model =
            ChatModel.of(
                ModelLocator.open(Checkpoints.named("llama-gqa-tied")), DTypeChoice.parse("f32"));
        var store = RunStore.at(folder.resolve("run"))) {
      return new DirectionMap(model, data, new Outcome.FirstToken(), config)
          .run(store, Progress.silent());
    }
  }

  /// Random weights have no place the study's rule would take.
  @ParameterizedTest
  @EnumSource(
      value = PlaceChoice.Rule.class,
      names = {"COSMIC", "OUTCOME"})
  void aPlaceIsChosenForTheFirstPairOrForEach(PlaceChoice.Rule rule) throws IOException {
    var lax = new SelectionRules(1e9, 0, 0, Coordinates.ALL, Criterion.BYPASS);
    var usual = config().with(Scalings.none()).withDoses(List.of()).with(lax);
    var one = map(data(), usual.with(new PlaceChoice.Selected(rule, PlaceChoice.Reach.FIRST)));
    assertThat(one.pairs().stream().map(PairGeometry::place).distinct()).hasSize(1);
    var each = map(data(), usual.with(new PlaceChoice.Selected(rule, PlaceChoice.Reach.EACH)));
    assertThat(each.pairs().getFirst().place()).isEqualTo(one.pairs().getFirst().place());
  }

  @Test
  void aMapKeepsItsLawsAndIsTheSameTwice() throws IOException {
    var map = map();
    assertThat(map.pairs())
        .allSatisfy(
            pair -> {
              assertThat(pair.stability().cosine().mean()).isLessThanOrEqualTo(1 + 1e-9);
              assertThat(pair.stability().splitHalf().mean())
                  .as("halves are noisier than redraws")
                  .isLessThanOrEqualTo(pair.stability().cosine().mean());
            });
    for (var cell : map.angles()) {
      var mirrored = map.angle(cell.second(), cell.first());
      assertThat(cell.cosine()).isEqualTo(mirrored.cosine(), ROUNDING);
      assertThat(cell.interval().high()).isLessThanOrEqualTo(1);
      assertThat(cell.isDiagonal() ? cell.cosine() : 1.0).isEqualTo(1);
    }
    assertThat(map.angle("break", "take").disjoint().orElseThrow())
        .as("without the shared contrast they are less alike")
        .isLessThan(map.angle("break", "take").cosine());
    assertThat(map.angle("break", "hide").disjoint())
        .as("where nothing is shared, nothing is dealt out")
        .hasValueSatisfying(
            cosine ->
                assertThat(cosine).isCloseTo(map.angle("break", "hide").cosine(), within(1e-4)));
    assertThat(map.effects())
        .filteredOn(e -> e.tried().way() == Way.SCALING && e.tried().amount() == 1.0)
        .isNotEmpty()
        .allSatisfy(
            effect ->
                assertThat(effect.change().orElseThrow().mean())
                    .as("a factor of 1 changes nothing")
                    .isZero());
    assertThat(map.effects().stream().map(e -> e.tried().purpose()).distinct())
        .contains(Purpose.CONTROL, Purpose.TRIED);
    assertThat(new HashSet<>(map.order())).hasSize(3);
    assertThat(map()).as("found again in the run folder").isEqualTo(map);
  }

  @Test
  void aPairStandsBesideItsBackTranslation() throws IOException {
    var back = new LinkedHashMap<>(Map.of("break", "hide"));
    var data = new MapData(data().pairs(), List.of(), List.of(), back);
    var map = map(data, config().withDoses(List.of()).with(Scalings.none()));
    assertThat(map.backTranslations())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.direction()).isEqualTo("take");
              assertThat(row.cosine()).isEqualTo(map.angle("take", "break").cosine());
              assertThat(row.backCosine()).isEqualTo(map.angle("take", "hide").cosine());
              assertThat(row.change()).isEqualTo(readable(map, "take", "break"));
              assertThat(row.backChange()).isEqualTo(readable(map, "take", "hide"));
            });
  }

  private static Optional<Double> readable(MapResult map, String direction, String set) {
    var effect = Effect.ofAblating(direction, set, map.effects()).orElseThrow();
    return effect.reserve().isPresent() ? Optional.empty() : effect.test().map(PairedTest::change);
  }

  @Test
  void aPromptHasOnePartWhereverItStands() {
    var pairs = data().pairs();
    var trained = new HashSet<String>();
    var asked = new HashSet<String>();
    for (var side : Side.of(pairs, config())) {
      side.train().forEach(prompt -> trained.add(prompt.text()));
      side.trainContrast().forEach(prompt -> trained.add(prompt.text()));
      side.test().forEach(prompt -> asked.add(prompt.text()));
      side.testContrast().forEach(prompt -> asked.add(prompt.text()));
    }
    assertThat(asked).isNotEmpty().doesNotContainAnyElementsOf(trained);
  }

  @Test
  void aPairThatIsLeftWithTooLittleSaysSo() {
    var few = prompts("Break", 4);
    assertThatThrownBy(() -> new Pair("few", few.subList(0, 3), few))
        .hasMessage("pair few: the target side has 3 prompts; at least 4 are needed");
    assertThatThrownBy(() -> new Pair("same", few, few))
        .hasMessageContaining("4 of the target prompts also stand on the contrast side");
  }
}
