package dev.demur.lab.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.lab.Seeds;
import dev.demur.lab.coherence.CoherenceProbe.Divergence;
import dev.demur.lab.coherence.Corpus.Kind;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.steer.Variant;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Cross-entropies and divergences against the released code's function, restated over transformers
/// with padded batches and masks (tools/golden/coherence.py).
@Scoped
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CoherenceGoldenTest {

  /// Float32 logits of two implementations, one of them padded; losses of 2 to 8 nats.
  private static final double PER_TOKEN = 2e-5;

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  /// A3: the direction subtracted, as in the paper's table 9, and added.
  private static final List<Variant> VARIANTS =
      List.of(Variant.UNEDITED, Variant.ABLATION, Variant.SUBTRACTION, Variant.ADDITION);

  private static final Bootstrap BOOTSTRAP = new Bootstrap(new Seeds(1), "golden", 100);

  private final JsonNode golden =
      JsonMapper.shared().readTree(GOLDEN.resolve("coherence.json").toFile());

  private ChatModel model;
  private CoherenceProbe probe;

  @BeforeAll
  void open() throws IOException {
    model = ChatModel.load(GOLDEN.resolve("method/checkpoint").toString(), DTypeChoice.F32);
    int layers = model.config().nLayers();
    var direction = direction();
    probe =
        CoherenceProbe.of(
            model.forward(),
            List.of(
                HookPlan.none(),
                Policy.ablation(direction).plan(layers),
                Policy.addition(direction, -1).plan(layers),
                Policy.addition(direction, 1).plan(layers)),
            Divergence.MEASURED);
  }

  @AfterAll
  void close() {
    model.close();
  }

  @Test
  void textsLoseWhatTheyLoseThere() {
    var texts = golden.path("texts").values().stream().map(JsonNode::asString).toList();
    int cut = golden.path("max_tokens").intValue();
    var corpus = Corpus.ofTexts("text", model.tokenizer(), texts, cut);
    assertSame(corpus, probe.run(corpus));
  }

  @Test
  void exchangesLoseWhatTheyLoseThere() {
    var corpus =
        Corpus.ofExchanges(
            "alpaca",
            Kind.INSTRUCTIONS,
            model.prompts(),
            model.tokenizer(),
            exchanges(golden.path("exchanges")));
    assertSame(corpus, probe.run(corpus));
  }

  @Test
  void theModelsOwnCompletionsAreTheSameAndLoseTheSame() {
    var expected = exchanges(golden.path("own"));
    var instructions = expected.stream().map(Exchange::instruction).toList();
    var own =
        new OwnCompletions(
            model,
            model.prompts(),
            instructions,
            golden.path("new_tokens").intValue(),
            4,
            new WrittenAnswers());
    var rows = new ArrayList<PassageScores>();
    own.run(probe, IntStream.range(0, instructions.size()).boxed().toList(), rows::add);
    var corpus = Corpus.ofExchanges("own", Kind.OWN, model.prompts(), model.tokenizer(), expected);
    assertSame(corpus, rows);
    for (int variant = 1; variant < VARIANTS.size(); variant++) {
      var there = golden.path("divergence").path(VARIANTS.get(variant).releasedText());
      for (int i = 0; i < rows.size(); i++) {
        var here = rows.get(i).divergence().get(variant - 1);
        assertThat(here).hasSize(there.get(i).size());
        for (int token = 0; token < here.size(); token++) {
          assertThat(here.get(token))
              .isCloseTo(there.get(i).get(token).doubleValue(), within(PER_TOKEN));
        }
      }
    }
  }

  @Test
  void anAnswerThatIsThereIsScoredAndNotWrittenAgain() {
    var exchange = exchanges(golden.path("own")).getFirst();
    var prompt = model.prompts().format(exchange.instruction()).tokens();
    var other = TokenIds.of(5, 9, 7);
    var written = new WrittenAnswers();
    written.add(prompt, 4, other);
    var asked = List.of(exchange.instruction());
    var own = new OwnCompletions(model, model.prompts(), asked, 4, 1, written);
    var rows = new ArrayList<PassageScores>();
    own.run(probe, List.of(0), rows::add);
    var said = new Exchange(exchange.instruction(), model.tokenizer().decode(other).strip());
    var corpus =
        Corpus.ofExchanges("own", Kind.OWN, model.prompts(), model.tokenizer(), List.of(said));
    assertThat(rows).isEqualTo(probe.run(corpus));
    assertThat(written.find(prompt, 5)).as("another length is another answer").isEmpty();
  }

  private void assertSame(Corpus corpus, List<PassageScores> rows) {
    var there = golden.path("losses").path(corpus.kind().text());
    var summary = Coherence.of(corpus.name(), corpus.kind(), VARIANTS, rows, BOOTSTRAP);
    for (int variant = 0; variant < VARIANTS.size(); variant++) {
      var expected = there.path(VARIANTS.get(variant).releasedText());
      var loss = summary.variants().get(variant).loss();
      assertThat(loss.tokens()).isEqualTo(expected.path("n_tokens").longValue());
      assertThat(loss.perToken())
          .isCloseTo(expected.path("ce_loss").doubleValue(), within(PER_TOKEN));
      for (int i = 0; i < rows.size(); i++) {
        var row = expected.path("rows").get(i);
        assertThat(rows.get(i).passage()).isEqualTo(i);
        assertThat(rows.get(i).tokens()).isEqualTo(row.path("tokens").intValue());
        assertThat(rows.get(i).nats().get(variant))
            .isCloseTo(
                row.path("nats").doubleValue(),
                within(PER_TOKEN * Math.max(1, rows.get(i).tokens())));
      }
    }
  }

  private Direction direction() throws IOException {
    try (var file = Safetensors.open(GOLDEN.resolve("method/method.safetensors"))) {
      var raw = Tensor.map(file.bytes("direction_raw"), DType.F64, model.config().dModel()).copy();
      return Direction.fromMeanDiff(
          raw,
          new HookPoint(golden.path("layer").intValue(), Site.RESID_PRE),
          golden.path("position").intValue());
    }
  }

  private static List<Exchange> exchanges(JsonNode list) {
    return list.values().stream()
        .map(pair -> new Exchange(pair.get(0).asString(), pair.get(1).asString()))
        .toList();
  }
}
