package dev.demur.lab.map;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.lab.Seeds;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.map.effect.Effects;
import dev.demur.lab.map.effect.OpeningTokens;
import dev.demur.lab.map.effect.Outcome;
import dev.demur.lab.map.effect.Tried;
import dev.demur.lab.map.effect.Tried.Purpose;
import dev.demur.lab.map.effect.Tried.Way;
import dev.demur.lab.map.geometry.Angles;
import dev.demur.lab.map.pairs.AskedSet;
import dev.demur.lab.map.pairs.AskedSet.Role;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.pairs.Pair;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.map.reading.Placed;
import dev.demur.lab.map.reading.Reads;
import dev.demur.lab.map.reading.Side;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Directions, cosines, transfer and scalings of a map against a plain restatement over
/// transformers (tools/golden/maps.py), and a direction's effect on its own prompts against the
/// study's (tools/golden/method.py).
@Scoped
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MapGoldenTest {

  private static final Tolerance SCORES =
      Tolerance.ofLargest(1e-4, "logarithms of float32 softmaxes of two implementations").at(1);

  /// Cosines of means of float32 streams of size about 10.
  private static final Offset<Double> COSINE = within(1e-4);

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private final JsonNode golden =
      JsonMapper.shared().readTree(GOLDEN.resolve("maps.json").toFile());

  private final JsonNode method =
      JsonMapper.shared().readTree(GOLDEN.resolve("method/method.json").toFile());

  private ChatModel model;

  @BeforeAll
  void open() throws IOException {
    var files = ModelLocator.open(GOLDEN.resolve("method/checkpoint"));
    model = ChatModel.of(files, DTypeChoice.parse("f32"));
  }

  @AfterAll
  void close() {
    model.close();
  }

  @Test
  void cosinesAndLengthsAreTheSame() {
    var placed = placed(place(), sides());
    var cells = new Angles(reads(sides()), placed, new Seeds(1)).cells();
    int n = placed.size();
    for (int i = 0; i < n; i++) {
      double norm = golden.at("/norms/" + placed.get(i).name()).doubleValue();
      assertThat(placed.get(i).direction().norm() / norm).isCloseTo(1, COSINE);
      for (int j = 0; j < n; j++) {
        assertThat(cells.get(i * n + j).cosine())
            .isCloseTo(golden.at("/cosines/" + i + "/" + j).doubleValue(), COSINE);
      }
    }
  }

  @Test
  void transferAdditionAndScalingGiveTheSameScores(@TempDir Path folder) throws IOException {
    var here = placed(place(), sides());
    var source = new Candidate(place().position(), golden.get("source_layer").intValue());
    var there = placed(source, sides());
    try (var store = RunStore.at(folder)) {
      var effects = effects(store, tokens(golden.get("tokens")));
      assertThat(golden.get("under").size()).isEqualTo(36);
      for (JsonNode row : golden.get("under")) {
        String name = row.get("direction").stringValue();
        double amount = row.get("amount").doubleValue();
        var policy =
            switch (row.get("way").stringValue()) {
              case "ablate" -> Policy.ablation(named(here, name).direction());
              case "add" -> Policy.addition(named(here, name).direction(), amount);
              default -> Effects.scaling(named(there, name).direction(), amount);
            };
        String set = row.get("set").stringValue();
        var asked = new AskedSet(set, Role.GIVEN, prompts(golden.at("/pairs/" + set + "/test")));
        var tried = new Tried(Way.SCALING, name, amount, 0, Purpose.TRIED);
        var effect =
            effects
                .of(
                    List.of(new Effects.Planned(tried, policy)),
                    List.of(asked),
                    effects.unedited(List.of(asked)))
                .getFirst();
        assertClose(
            row.get("way") + " " + name + " on " + set,
            effect.score().orElseThrow(),
            mean(row.get("scores")),
            SCORES);
        assertClose(
            "unedited " + set,
            effect.before().orElseThrow(),
            mean(golden.at("/unedited/" + set)),
            SCORES);
      }
    }
  }

  /// What a study calls bypass is what ablating a direction leaves on its own target prompts.
  @Test
  void ofADirectionOnItsOwnPromptsAMapSaysWhatAStudySays(@TempDir Path folder) throws IOException {
    var side =
        new Side(
            new Pair("own", drawn("target_train"), drawn("baseline_train")),
            kept("target_train"),
            kept("baseline_train"),
            List.of(),
            List.of(),
            kept("target_val"),
            kept("baseline_val"));
    var selected = method.get("selected");
    var place =
        new Candidate(selected.get("position").intValue(), selected.get("layer").intValue());
    var own = Placed.of(side, place, reads(List.of(side)));
    var expected = new ArrayList<Double>();
    for (JsonNode row : method.get("candidates")) {
      if (row.get("position").equals(selected.get("position"))
          && row.get("layer").equals(selected.get("layer"))) {
        expected.add(row.get("bypass").doubleValue());
      }
    }
    var asked = new AskedSet("own", Role.TARGET, side.test());
    try (var store = RunStore.at(folder)) {
      var effects = effects(store, tokens(method.get("refusal_tokens")));
      var effect =
          effects
              .of(
                  List.of(
                      new Effects.Planned(
                          new Tried(Way.ABLATION, "own", 0, place.layer(), Purpose.TRIED),
                          Policy.ablation(own.direction()))),
                  List.of(asked),
                  effects.unedited(List.of(asked)))
              .getFirst();
      assertClose("bypass", effect.score().orElseThrow(), expected.getFirst(), SCORES);
    }
  }

  // ---- the golden's parts --------------------------------------------------------------------

  private Candidate place() {
    return new Candidate(
        golden.at("/place/position").intValue(), golden.at("/place/layer").intValue());
  }

  private List<Side> sides() {
    var sides = new ArrayList<Side>();
    for (String name : golden.get("pairs").propertyNames()) {
      var train = prompts(golden.at("/pairs/" + name + "/train"));
      var contrast = prompts(golden.at("/pairs/" + name + "/contrast"));
      sides.add(
          new Side(
              new Pair(name, train, contrast),
              train,
              contrast,
              List.of(),
              List.of(),
              prompts(golden.at("/pairs/" + name + "/test")),
              contrast));
    }
    return sides;
  }

  private Reads reads(List<Side> sides) {
    var all = new ArrayList<MapPrompt>();
    for (var side : sides) {
      all.addAll(side.train());
      all.addAll(side.trainContrast());
      all.addAll(side.test());
      all.addAll(side.testContrast());
    }
    return Reads.of(model, all, List.of(), 2, Progress.silent());
  }

  private List<Placed> placed(Candidate place, List<Side> sides) {
    var reads = reads(sides);
    return sides.stream().map(side -> Placed.of(side, place, reads)).toList();
  }

  private static Placed named(List<Placed> placed, String name) {
    return placed.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private Effects effects(RunStore store, OpeningTokens tokens) throws IOException {
    return new Effects(
        model,
        ModelIdentity.of(model),
        new Outcome.FirstToken(),
        tokens,
        MapConfig.usual(),
        store,
        Progress.silent());
  }

  private static OpeningTokens tokens(JsonNode ids) {
    Set<Integer> all = ids.values().stream().map(JsonNode::intValue).collect(Collectors.toSet());
    var byLanguage = new LinkedHashMap<String, RefusalTokens>();
    byLanguage.put("en", RefusalTokens.given(all));
    return new OpeningTokens(byLanguage);
  }

  private static List<MapPrompt> prompts(JsonNode texts) {
    return texts.values().stream().map(text -> MapPrompt.of(text.stringValue())).toList();
  }

  private List<MapPrompt> drawn(String set) {
    String pool = set.startsWith("target") ? "target" : "baseline";
    var texts = method.at("/pools/" + pool + set.substring(set.indexOf('_')));
    return method.at("/drawn/" + set).values().stream()
        .map(index -> MapPrompt.of(texts.get(index.intValue()).stringValue()))
        .toList();
  }

  private List<MapPrompt> kept(String set) {
    var all = drawn(set);
    return method.at("/kept/" + set).values().stream()
        .map(index -> all.get(index.intValue()))
        .toList();
  }

  private static double mean(JsonNode scores) {
    return scores.values().stream().mapToDouble(JsonNode::doubleValue).average().orElseThrow();
  }
}
