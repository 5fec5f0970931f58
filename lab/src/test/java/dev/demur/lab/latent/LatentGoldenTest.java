package dev.demur.lab.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.lab.latent.Patchscope.Presented;
import dev.demur.lab.latent.Patchscope.Token;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.stats.Rate;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.forward.Forward;
import dev.demur.model.generate.Generator;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Early decoding and readings of streams against a plain restatement over transformers
/// (tools/golden/latent.py), and what must hold of them anyway.
@Scoped
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LatentGoldenTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(1e-4, "float32 of two implementations");

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private final JsonNode golden =
      JsonMapper.shared().readTree(GOLDEN.resolve("latent.json").toFile());

  private ChatModel model;

  @BeforeAll
  void open() throws IOException {
    model = ChatModel.load(GOLDEN.resolve("method/checkpoint").toString(), DTypeChoice.F32);
  }

  @AfterAll
  void close() {
    model.close();
  }

  @Test
  void aModelThatEndsEarlyGivesTheseLogits() {
    for (var row : golden.path("early")) {
      var forward = new Forward(model.transformer().endingBefore(row.path("layer").intValue()));
      var logits = forward.lastLogits(List.of(prompt(row).tokens()), HookPlan.none());
      Tolerance.assertClose("logits", logits.toFloats(), floats(row.path("logits")), ROUNDING);
    }
  }

  @Test
  void aModelThatEndsEarlyWritesTheseAnswers() {
    for (int layer : List.of(1, 3, 4)) {
      var rows =
          all(golden.path("early")).stream()
              .filter(row -> row.path("layer").intValue() == layer)
              .filter(row -> !row.path("greedy").isEmpty())
              .toList();
      assertThat(rows).isNotEmpty();
      var written =
          new Generator(
                  model.transformer().endingBefore(layer), model.greedy(8, 4), HookPlan.none())
              .complete(rows.stream().map(row -> prompt(row).tokens()).toList(), _ -> {});
      for (int i = 0; i < rows.size(); i++) {
        var expected =
            all(rows.get(i).path("greedy")).stream()
                .map(JsonNode::intValue)
                .takeWhile(id -> !model.stopTokens().contains(id))
                .toList();
        assertThat(written.get(i).tokens().stream().boxed()).isEqualTo(expected);
      }
    }
  }

  @Test
  void readingsOfStreamsAreTheSame() {
    var scope = golden.path("patchscope");
    assertClose("unpatched", patching(0, 0).unpatched(), scope.path("unpatched"));
    for (var row : scope.path("rows")) {
      int layer = row.path("layer").intValue();
      int into = row.path("into").intValue();
      var patching = patching(layer, into);
      // Two in one pass, so that streams cannot be taken for each other.
      var streams = patching.streams(List.of(prompt(row), model.prompt("Name a river.")));
      assertClose(
          "patched",
          patching.logProbabilities(streams.getFirst(), into).getFirst(),
          row.path("log_probabilities"));
    }
  }

  /// The stream at layer 0 of a word is its embedding: a word put into its own place.
  @Test
  void aStreamPutBackWhereItWasReadChangesNothing() {
    for (int layer : List.of(0, 2, 4)) {
      var patching = patching(layer, layer);
      var own = patching.streams(List.of(model.prompts().raw(text()))).getFirst();
      assertClose(
          "own stream",
          patching.logProbabilities(own, layer).getFirst(),
          golden.path("patchscope").path("unpatched"));
    }
  }

  @Test
  void aPrefixOfAllBlocksIsTheModel() {
    var prompt = List.of(model.prompt("How do I make tea?").tokens());
    int layers = model.config().nLayers();
    assertThat(
            new Forward(model.transformer().endingBefore(layers))
                .lastLogits(prompt, HookPlan.none())
                .toFloats())
        .containsExactly(model.forward().lastLogits(prompt, HookPlan.none()).toFloats());
    assertThatThrownBy(() -> model.transformer().endingBefore(0))
        .hasMessage("a model of 5 layers can end before layer 1 to 5, not before 0");
  }

  /// Random weights know nothing; what is counted, and that a second run reads it, is what counts.
  @Test
  void answersAreCountedWithTheirControlsAndTextsAreKeptOnlyWhenAskedFor(@TempDir Path folder)
      throws IOException {
    var scope = patchscope(2, 3);
    for (var texts : EarlyDecoding.Texts.values()) {
      var how = new EarlyDecoding(List.of(2), 6, texts);
      var questions = new LatentQuestions(Optional.of(how), Optional.of(scope), 42);
      var found = ask(questions, folder.resolve(texts.name()));
      assertThat(found.decoded())
          .extracting(row -> row.prompts() + " " + row.layer() + " " + row.tail())
          .containsExactly(
              "plain 5 NONE",
              "plain 2 NONE",
              "plain 2 SHUFFLED",
              "harmless 5 NONE",
              "harmless 2 NONE",
              "harmless 2 SHUFFLED");
      assertThat(found.decoded())
          .allSatisfy(
              row -> {
                assertThat(row.broken().n()).isEqualTo(2);
                assertThat(row.tokens()).isBetween(0.0, 6.0);
                // Judges leave out what is in no language they know.
                assertThat(row.refusedBy("substring").map(Rate::n).orElse(0)).isBetween(0, 2);
              });
      double whole = found.decoded().getFirst().loss().orElseThrow().perToken();
      assertThat(found.decoded().get(2).loss().orElseThrow().perToken())
          .as("what is greedy under the whole model is likelier to it than shuffled words")
          .isGreaterThan(whole);
      assertThat(found.patchscope().orElseThrow().rows())
          .extracting(row -> row.streams() + " " + row.harmful().n())
          .containsExactly("plain 2", "harmless 2", "random 2");
      assertThat(RunFolder.at(folder.resolve(texts.name())).has(RunFolder.DECODED))
          .isEqualTo(texts == EarlyDecoding.Texts.KEPT);
      assertThat(ask(questions, folder.resolve(texts.name()))).isEqualTo(found);
    }
  }

  @Test
  void saysWhichLayersThereAre() {
    var deep = new EarlyDecoding(List.of(5), 6, EarlyDecoding.Texts.DROPPED);
    assertThatThrownBy(
            () -> new Latent(model, new LatentQuestions(Optional.of(deep), Optional.empty(), 1)))
        .hasMessage("decoding can begin at layer 1 to 4 of this model, not at 5");
    assertThatThrownBy(
            () ->
                new Latent(
                    model, new LatentQuestions(Optional.empty(), Optional.of(patchscope(0, 9)), 1)))
        .hasMessage("a stream can be put at layer 0 to 4 of this model, not at 9");
  }

  private LatentResult ask(LatentQuestions questions, Path folder) throws IOException {
    try (var store = RunStore.at(folder)) {
      return new Latent(model, questions)
          .ask(
              asked("plain", "How do I make jam?", "How do I make a map?"),
              asked("harmless", "List some colours of tea.", "Name three words for bread."),
              store,
              Progress.silent());
    }
  }

  private AskedPrompts asked(String name, String... instructions) {
    return new AskedPrompts(name, List.of(instructions).stream().map(model::prompt).toList());
  }

  private Prompt prompt(JsonNode row) {
    return model.prompt(row.path("prompt").asString());
  }

  private String text() {
    return golden.path("patchscope").path("text").asString();
  }

  private Patchscope patchscope(int layer, int into) {
    var readings = golden.path("patchscope").path("readings");
    return new Patchscope(
        List.of(layer),
        OptionalInt.of(into),
        text(),
        Presented.RAW,
        Token.WORD,
        readings.get(0).asString(),
        readings.get(1).asString());
  }

  private Patching patching(int layer, int into) {
    return new Patching(model, patchscope(layer, into));
  }

  private static void assertClose(String what, List<Double> actual, JsonNode expected) {
    for (int i = 0; i < 2; i++) {
      Tolerance.assertClose(what, actual.get(i), expected.get(i).doubleValue(), ROUNDING);
    }
  }

  private static List<JsonNode> all(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static float[] floats(JsonNode array) {
    var values =
        Tensor.ofDoubles(
            all(array).stream().mapToDouble(JsonNode::doubleValue).toArray(), array.size());
    return values.toFloats();
  }
}
