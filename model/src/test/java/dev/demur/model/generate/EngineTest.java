package dev.demur.model.generate;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A request writes the same alone and among others, whatever they do.
@Scoped
@EveryDevice
class EngineTest {

  private static final long SEED = TinyModels.SEED;

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(1e-4, "two orders of float32 sums through a few layers");

  private static final int TOKENS = 6;

  private final Transformer model = TinyModels.llama(SEED, 2, DType.F32);

  /// Plans that differ in what they do, to whom and where.
  private static List<HookPlan> plans(Transformer model) {
    int last = model.config().nLayers() - 1;
    var noise = Tensor.gaussian(new Random(SEED), model.config().dModel());
    var point = new HookPoint(last, Site.RESID_PRE);
    return List.of(
        HookPlan.none(),
        HookPlan.none().edit(point, x -> x.plus(noise)),
        HookPlan.none()
            .edit(new HookPoint(0, Site.ATTN_OUT), x -> x.times(-1))
            .editAt(point, Positions.last(2), x -> x.times(3)),
        HookPlan.none().editAt(point, Positions.answer(), x -> x.plus(noise.times(2))),
        ablation(model, 1),
        ablation(model, 2));
  }

  private static HookPlan ablation(Transformer model, int seed) {
    var unit = TinyModels.unit(new Random(seed), model.config().dModel());
    var plan = HookPlan.none();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      plan =
          plan.scaleAlong(new HookPoint(layer, Site.ATTN_OUT), unit, 0)
              .scaleAlong(new HookPoint(layer, Site.MLP_OUT), unit, -1);
    }
    return plan;
  }

  private static Completion alone(Transformer model, Request request) {
    var options =
        new GenerationOptions(request.maxNewTokens(), 1, request.sampler(), request.stopTokens());
    return new Generator(model, options, request.plan())
        .complete(List.of(request.prompt()), _ -> {})
        .getFirst();
  }

  private static Heard submitted(Engine engine, Request request) {
    var heard = new Heard();
    engine.submit(request, heard);
    return heard;
  }

  private static EngineOptions options(int slots, int piece) {
    return new EngineOptions(slots, 256, 1000, piece, 2);
  }

  /// Families whose caches differ: windowed, chunked and latent keys, states in place of attention
  /// and beside it.
  @ParameterizedTest
  @ValueSource(strings = {"gemma3", "llama4-maverick", "deepseek-v3", "qwen3-next", "falcon-h1"})
  void aRequestWritesTheSameAloneAndAmongOthers(String name) throws IOException {
    var folder = Checkpoints.named(name);
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var family = Family.load(files, Devices.held(DType.F32));
      var prompt = Checkpoints.prompts(golden).get(1);
      var plans = plans(family);
      var inPieces = prompt.plus(prompt).plus(prompt);
      var requests =
          Stream.concat(
                  plans.stream().map(Request.of(inPieces, Set.of(), 4)::with),
                  plans.stream().limit(2).map(Request.of(prompt, Set.of(), 4)::with))
              .toList();
      var expected = requests.stream().map(request -> alone(family, request)).toList();
      try (var engine = Engine.start(family, options(4, 4))) {
        for (int round = 0; round < 2; round++) { // the second finds beginnings of the first
          var heard = requests.stream().map(request -> submitted(engine, request)).toList();
          assertThat(heard.stream().map(Heard::completion).toList()).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void aPlanSeesItsOwnSequenceAtItsOwnPositions() {
    var prompts = TinyModels.prompts(SEED, 4);
    var seen = prompts.stream().map(_ -> new ArrayList<Integer>()).toList();
    var called = prompts.stream().map(_ -> new TreeSet<Integer>()).toList();
    try (var engine = Engine.start(model, options(4, 3))) {
      var heard = prompts.stream().map(_ -> new Heard()).toList();
      for (int i = 0; i < prompts.size(); i++) {
        var positions = seen.get(i);
        var names = called.get(i);
        var plan =
            HookPlan.none()
                .probe(
                    new HookPoint(1, Site.RESID_POST),
                    (x, rows) -> {
                      assertThat(x.dim(0)).isEqualTo(rows.tokens());
                      assertThat(rows.sequences()).hasSize(1);
                      names.addAll(rows.sequences());
                      IntStream.range(0, rows.tokens()).map(rows::position).forEach(positions::add);
                    });
        engine.submit(Request.of(prompts.get(i), Set.of(), TOKENS).with(plan), heard.get(i));
      }
      heard.forEach(Heard::completion);
    }
    for (int i = 0; i < prompts.size(); i++) {
      int size = prompts.get(i).size();
      assertThat(seen.get(i))
          .containsExactlyElementsOf(IntStream.range(-size, TOKENS - 1).boxed().toList());
    }
    assertThat(called).as("a name of its own").allMatch(names -> names.size() == 1);
    assertThat(called).doesNotHaveDuplicates();
  }

  @Test
  void drawsDependOnTheSeedAndNotOnTheNeighbours() {
    var prompts = TinyModels.prompts(SEED, 6);
    var requests = new ArrayList<Request>();
    for (int i = 0; i < prompts.size(); i++) {
      var sampler = new Sampler.Nucleus(1.5, i % 2 == 0 ? 1 : 0.9, i);
      requests.add(Request.of(prompts.get(i), Set.of(), TOKENS).sampling(sampler));
    }
    try (var engine = Engine.start(model, options(4, 5))) {
      var heard = requests.stream().map(_ -> new Heard()).toList();
      for (int i = 0; i < requests.size(); i++) {
        engine.submit(requests.get(i), heard.get(i));
      }
      for (int i = 0; i < requests.size(); i++) {
        assertThat(heard.get(i).completion()).isEqualTo(alone(model, requests.get(i)));
      }
    }
  }

  @Test
  void likelihoodsAreThoseOfTheWholePass() {
    var prompt = TokenIds.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3);
    var plan = plans(model).get(1);
    var heard = new Heard();
    var busy = new Heard();
    try (var engine = Engine.start(model, options(2, 4))) {
      engine.submit(Request.of(prompt, Set.of(), 30), busy);
      engine.submit(Request.scoring(prompt, 3).with(plan), heard);
      assertThat(heard.completion().end()).isEqualTo(Completion.End.LENGTH);
      busy.completion();
    }
    var chances = new Forward(model).logits(prompt, plan).logSoftmax();
    assertThat(heard.prompt()).hasSize(prompt.size() - 1);
    for (int i = 0; i + 1 < prompt.size(); i++) {
      var row = chances.row(i).toDoubles();
      var likelihood = heard.prompt().get(i);
      assertClose("token " + i, likelihood.logProbability(), row[prompt.get(i + 1)], ROUNDING);
      assertThat(likelihood.likeliest()).hasSize(3);
      for (var alternative : likelihood.likeliest()) {
        assertClose("beside " + i, alternative.logProbability(), row[alternative.id()], ROUNDING);
      }
    }
  }

  @Test
  void writtenTokensReportTheLikelihoodsTheyHadBeforeBiases() {
    var prompt = TokenIds.of(3, 1, 4, 1, 5);
    var sampler = new Sampler.Adjusted(new Sampler.Greedy(), Map.of(7, 100.0), 0, 0);
    var heard = new Heard();
    try (var engine = Engine.start(model, options(2, 4))) {
      engine.submit(Request.of(prompt, Set.of(), 3).sampling(sampler).reporting(2), heard);
      assertThat(heard.completion().tokens()).isEqualTo(TokenIds.of(7, 7, 7));
    }
    for (int i = 0; i < 3; i++) {
      var written = prompt.plus(TokenIds.of(7, 7, 7).slice(0, i));
      var chances = new Forward(model).lastLogits(List.of(written), HookPlan.none()).logSoftmax();
      var likelihood = heard.tokens().get(i).likelihood().orElseThrow();
      assertClose(
          "token " + i, likelihood.logProbability(), chances.row(0).toDoubles()[7], ROUNDING);
      assertThat(likelihood.likeliest().getFirst().id())
          .isEqualTo((int) chances.argmax().toLongs()[0]);
    }
  }

  @Test
  void penaltiesCountWhatWasWritten() {
    var prompt = TokenIds.of(3, 1, 4, 1, 5);
    var sampler = new Sampler.Adjusted(new Sampler.Greedy(), Map.of(), 1e6, 0);
    var written = alone(model, Request.of(prompt, Set.of(), 12).sampling(sampler)).tokens();
    assertThat(written.toList()).doesNotHaveDuplicates();
  }

  @Test
  void whatPromptsBeginWithIsReadOnce() {
    var beginning = TokenIds.of(IntStream.range(1, 41).toArray());
    var prompts = TinyModels.prompts(SEED, 6).stream().map(beginning::plus).toList();
    int all = prompts.stream().mapToInt(TokenIds::size).sum();
    var plan = plans(model).get(1);
    var other = HookPlan.none().probeAt(new HookPoint(0, Site.Z), Positions.answer(), (_, _) -> {});
    try (var engine = Engine.start(model, options(6, 16))) {
      var heard =
          prompts.stream()
              .map(prompt -> Request.of(prompt, Set.of(), TOKENS).with(plan.then(other)))
              .map(request -> submitted(engine, request))
              .toList();
      for (int i = 0; i < prompts.size(); i++) {
        var expected = alone(model, Request.of(prompts.get(i), Set.of(), TOKENS).with(plan));
        assertThat(heard.get(i).completion()).isEqualTo(expected);
      }
      var state = engine.state();
      assertThat(state.tokensShared()).isEqualTo(5L * beginning.size());
      assertThat(state.tokensRead()).isEqualTo(all - state.tokensShared());
    }
  }

  /// Issue 20: a harness asks for the likelihoods of several answers to one question.
  @Test
  void promptsThatEchoTakeOverLikelihoodsWithTheirBeginning() {
    var question = TokenIds.of(IntStream.range(1, 31).toArray());
    var prompts = TinyModels.prompts(SEED, 5).stream().map(question::plus).toList();
    var plan = plans(model).get(4);
    try (var engine = Engine.start(model, options(2, 64))) {
      submitted(engine, Request.of(question, Set.of(), 2).with(plan)).completion(); // tells none
      for (int likeliest : List.of(3, 1)) {
        var heard =
            prompts.stream()
                .map(prompt -> submitted(engine, Request.scoring(prompt, likeliest).with(plan)))
                .toList();
        heard.forEach(Heard::completion);
        for (int i = 0; i < prompts.size(); i++) {
          var whole = new Forward(model).logits(prompts.get(i), plan).logSoftmax();
          assertThat(heard.get(i).prompt()).hasSize(prompts.get(i).size() - 1);
          for (int token = 1; token < prompts.get(i).size(); token++) {
            var likelihood = heard.get(i).prompt().get(token - 1);
            double expected = whole.row(token - 1).toDoubles()[prompts.get(i).get(token)];
            assertClose("token " + token, likelihood.logProbability(), expected, ROUNDING);
            assertThat(likelihood.likeliest()).hasSize(likeliest);
          }
        }
      }
      long least = (prompts.size() - 1) * (question.size() - 1L);
      assertThat(engine.state().tokensShared()).isGreaterThanOrEqualTo(2 * least);
    }
  }

  /// Issue 20: slots for long sequences took all of their memory at the start.
  @Test
  @EnabledOnOs(OS.LINUX)
  void aSlotTakesMemoryAsTokensCome() throws IOException {
    var options = new EngineOptions(64, 1 << 18, 1, 64, 0);
    assertThat(options.bytes(model)).isGreaterThan(4L << 30);
    try (var engine = Engine.start(model, options)) {
      submitted(engine, Request.of(TokenIds.of(3, 1, 4), Set.of(), 4)).completion();
      assertThat(resident()).isLessThan(3L << 30);
    }
  }

  private static long resident() throws IOException {
    var pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1];
    return Long.parseLong(pages) * 4096;
  }
}
