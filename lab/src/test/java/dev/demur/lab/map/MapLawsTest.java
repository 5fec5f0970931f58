package dev.demur.lab.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.direction.SelectionRules.Coordinates;
import dev.demur.lab.direction.SelectionRules.Criterion;
import dev.demur.lab.map.MapConfig.Scalings;
import dev.demur.lab.map.Tried.Purpose;
import dev.demur.lab.map.Tried.Way;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.stats.Rate;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
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

  // ---- nulls ---------------------------------------------------------------------------------

  @Test
  void whereLabelsMeanNothingTheTestSaysSoNinetyFiveTimesOfAHundred() {
    var random = new Random(7);
    var draws = RandomSource.XO_RO_SHI_RO_128_PP.create(7);
    int rejected = 0;
    for (int i = 0; i < 200; i++) {
      double[] target = random.doubles(12).toArray();
      double[] contrast = random.doubles(20).toArray();
      rejected += Shuffles.pValue(target, contrast, draws) <= 0.05 ? 1 : 0;
    }
    // 10 of 200 are expected; more than 19 or fewer than 3 has a chance below 1 in 100.
    assertThat(rejected).isBetween(3, 19);
  }

  @Test
  void whereLabelsMeanSomethingTheTestSaysThat() {
    var draws = RandomSource.XO_RO_SHI_RO_128_PP.create(7);
    double[] target = new Random(1).doubles(12).map(x -> x + 2).toArray();
    assertThat(Shuffles.pValue(target, new Random(2).doubles(12).toArray(), draws))
        .isLessThan(0.001);
  }

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
  void aPromptHasOnePartWhereverItStands() {
    var pairs = data().pairs();
    var parts = Parts.of(pairs, config());
    var trained = new HashSet<String>();
    var asked = new HashSet<String>();
    for (var pair : pairs) {
      var side = Side.of(pair, parts);
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

  // ---- drawings ------------------------------------------------------------------------------

  @Test
  void directionsOfAPlaneAreDrawnWithoutStressAndLikeOnesStandTogether() {
    var angles = List.of(0.0, 2.0, 0.1, 2.1);
    var cosines = new ArrayList<Double>();
    for (double one : angles) {
      for (double two : angles) {
        cosines.add(Math.cos(one - two));
      }
    }
    assertThat(Layout.of(List.of("a", "b", "c", "d"), cosines).stress()).isCloseTo(0, within(1e-6));
    var order = Clustering.order(cosines, 4);
    assertThat(Math.abs(order.indexOf(0) - order.indexOf(2))).isEqualTo(1);
    assertThat(Math.abs(order.indexOf(1) - order.indexOf(3))).isEqualTo(1);
  }

  @Test
  void stressSaysWhenAPlaneCannotShowTheAngles() {
    var cosines = new ArrayList<Double>();
    for (int i = 0; i < 25; i++) {
      cosines.add(i % 6 == 0 ? 1.0 : 0.0); // five directions at right angles
    }
    assertThat(Layout.of(List.of("a", "b", "c", "d", "e"), cosines).stress()).isGreaterThan(0.2);
  }

  // ---- styles --------------------------------------------------------------------------------

  @Test
  void stylesThatShareNothingAreOneBitApartAndTheSameAreNone() {
    assertThat(Styles.divergence(List.of(1.0, 0.0), List.of(0.0, 1.0))).isEqualTo(1, ROUNDING);
    assertThat(Styles.divergence(List.of(0.3, 0.7), List.of(0.3, 0.7))).isZero();
  }

  @Test
  void aRefusalHasTheStyleOfWhatItAppealsTo() {
    assertThat(Style.of("As an AI, I don\u2019t sleep.")).isEqualTo(Style.IDENTITY);
    assertThat(Style.of("Could you tell me to whom?")).isEqualTo(Style.MISSING);
    assertThat(Style.of("That would hurt somebody.")).isEqualTo(Style.MORAL);
    assertThat(Style.of("This is against my guidelines.")).isEqualTo(Style.POLICY);
    assertThat(Style.of("I am unable to do that.")).isEqualTo(Style.CAPABILITY);
    assertThat(Style.of("No.")).isEqualTo(Style.OTHER);
  }

  // ---- the controlled set --------------------------------------------------------------------

  @Test
  void theControlledSetHasEquallyManyOfEveryKindThatHasSome() {
    var harmful = new AskedSet("harmful", AskedSet.Role.HARMFUL, prompts("Break", 20));
    var benign = new AskedSet("benign", AskedSet.Role.BENIGN, prompts("Bake", 12));
    var all = new ArrayList<MapPrompt>(harmful.prompts());
    all.addAll(benign.prompts());
    var readings = // 7 of the harmful prompts are refused, and 2 of the benign ones
        IntStream.range(0, all.size())
            .mapToObj(
                i ->
                    new Reading(
                        i, Optional.empty(), Optional.of(i < 7 || i >= all.size() - 2), false))
            .toList();
    var answered = Answered.of(new Outcome.FirstToken(), all, readings);
    var set = Controlled.of(List.of(harmful, benign), answered, 50);
    assertThat(set.sets()).extracting(AskedSet::name).containsExactly("HR", "HC", "BC");
    assertThat(set.sets()).allMatch(one -> one.prompts().size() == 7);
    var row = set.unedited().orElseThrow();
    assertThat(row.harmful()).isEqualTo(new Rate(7, 14));
    assertThat(row.benign()).isEqualTo(new Rate(0, 7));
    assertThat(row.right()).isEqualTo(new Rate(14, 21));
  }

  // ---- answers -------------------------------------------------------------------------------

  @Test
  void answersAreComparedWithTheirKeys() {
    assertThat(AnswerKey.LETTER.isRight("So the answer is (C).", "c")).contains(true);
    assertThat(AnswerKey.LETTER.isRight("B) because", "C")).contains(false);
    assertThat(AnswerKey.LETTER.isRight("I wonder.", "C")).isEmpty();
    assertThat(AnswerKey.NUMBER.isRight("3 and 4 make 1,207.", "#### 1207")).contains(true);
    assertThat(AnswerKey.NUMBER.isRight("none", "7")).isEmpty();
    assertThat(AnswerKey.TEXT.isRight("It is in PARIS, I think", "Paris; Lutetia")).contains(true);
  }
}
