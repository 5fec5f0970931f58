package dev.demur.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.text.ContextLengthException;
import dev.demur.model.text.TokenIds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/// What goes wrong with one request goes wrong with no other, and leaves nothing behind.
@Scoped
@EveryDevice
class EngineFaultsTest {

  private static final long SEED = TinyModels.SEED;

  private static final int TOKENS = 6;

  /// Requests of a round; `-Dtests.soak=2500` makes 10,000 of them all.
  private static final int ROUND = Integer.getInteger("tests.soak", 150);

  private final Transformer model = TinyModels.llama(SEED, 2, DType.F32);

  private static EngineOptions options(int slots, int piece) {
    return new EngineOptions(slots, 128, ROUND, piece, 2);
  }

  private Completion alone(TokenIds prompt, int tokens) {
    var options = new GenerationOptions(tokens, 1, new Sampler.Greedy(), Set.of());
    return new Generator(model, options, HookPlan.none())
        .complete(List.of(prompt), _ -> {})
        .getFirst();
  }

  @Test
  void aCancelledRequestLeavesTheOthersAsTheyAre() throws InterruptedException {
    var prompts = TinyModels.prompts(SEED, 3);
    try (var engine = Engine.start(model, options(3, 4))) {
      var heard = new Heard();
      var others = List.of(new Heard(), new Heard());
      engine.submit(Request.of(prompts.get(0), Set.of(), 12), others.get(0));
      var begun = new CountDownLatch(1);
      var written = new AtomicInteger();
      var ticket =
          engine.submit(
              Request.of(prompts.get(1), Set.of(), 50),
              new Listener() {
                @Override
                public void token(Written token) {
                  heard.token(token);
                  written.incrementAndGet();
                  begun.countDown();
                }

                @Override
                public void ended(Completion.End end) {
                  heard.ended(end);
                }

                @Override
                public void failed(RuntimeException reason) {
                  heard.failed(reason);
                }
              });
      engine.submit(Request.of(prompts.get(2), Set.of(), 12), others.get(1));
      begun.await();
      ticket.cancel();
      int before = written.get();
      assertThat(others.get(0).completion()).isEqualTo(alone(prompts.get(0), 12));
      assertThat(others.get(1).completion()).isEqualTo(alone(prompts.get(2), 12));
      assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
      assertThat(heard.isOver()).isFalse();
      assertThat(written.get()).as("a call may be under way").isLessThanOrEqualTo(before + 1);
      assertThat(engine.state().cancelled()).isEqualTo(1);
    }
  }

  /// A server gives a request up as soon as it has heard the end, before the engine counts it.
  @Test
  void whatEndedIsNotCountedAsCancelled() {
    var ended = new CountDownLatch(1);
    var heard = new CompletableFuture<Ticket>();
    try (var engine = Engine.start(model, options(1, 4))) {
      heard.complete(
          engine.submit(
              Request.of(TokenIds.of(1, 2), Set.of(), 12),
              new Listener() {
                @Override
                public void token(Written token) {}

                @Override
                public void ended(Completion.End end) {
                  heard.join().cancel();
                  ended.countDown();
                }

                @Override
                public void failed(RuntimeException reason) {}
              }));
      assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
      assertThat(ended.getCount()).isZero();
      assertThat(engine.state().cancelled()).isZero();
      assertThat(engine.state().ended()).isEqualTo(1);
    }
  }

  @Test
  void aPlanThatThrowsFailsItsRequestAlone() {
    var prompts = TinyModels.prompts(SEED, 3);
    HookPlan wrong =
        HookPlan.none()
            .editAt(
                new HookPoint(1, Site.RESID_PRE),
                new Positions(2, 2),
                (_, _) -> {
                  throw new IllegalStateException("wrong");
                });
    var good = List.of(new Heard(), new Heard());
    var bad = new Heard();
    try (var engine = Engine.start(model, options(3, 64))) {
      engine.submit(Request.of(prompts.get(0), Set.of(), TOKENS), good.get(0));
      engine.submit(Request.of(prompts.get(1), Set.of(), TOKENS).with(wrong), bad);
      engine.submit(Request.of(prompts.get(2), Set.of(), TOKENS), good.get(1));
      assertThat(bad.failure()).hasMessage("wrong");
      assertThat(good.get(0).completion()).isEqualTo(alone(prompts.get(0), TOKENS));
      assertThat(good.get(1).completion()).isEqualTo(alone(prompts.get(2), TOKENS));
    }
  }

  @Test
  void tooManyAndTooLongAreRefused() {
    var request = Request.of(TokenIds.of(1, 2, 3), Set.of(), 40);
    try (var engine = Engine.start(model, new EngineOptions(1, 128, 2, 8, 0))) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 5; i++) {
                  engine.submit(request, new Heard());
                }
              })
          .isInstanceOf(EngineFullException.class)
          .hasMessageContaining("2 requests wait already");
      var tooLong = TokenIds.of(new int[128]);
      assertThatThrownBy(() -> engine.submit(Request.of(tooLong, Set.of(), 1), new Heard()))
          .isInstanceOf(ContextLengthException.class);
      var unknown = Request.of(TokenIds.of(TinyModels.VOCAB), Set.of(), 1);
      assertThatThrownBy(() -> engine.submit(unknown, new Heard()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("token 61");
    }
  }

  @Test
  void closingFailsWhatIsNotDoneAndRefusesMore() {
    var heard = List.of(new Heard(), new Heard(), new Heard());
    var engine = Engine.start(model, new EngineOptions(1, 5000, 10, 8, 0));
    heard.forEach(each -> engine.submit(Request.of(TokenIds.of(1, 2), Set.of(), 50), each));
    engine.close();
    assertThat(heard).allMatch(Heard::isOver);
    assertThat(heard.getLast().failure()).isInstanceOf(EngineClosedException.class);
    assertThatThrownBy(() -> engine.submit(Request.of(TokenIds.of(1), Set.of(), 1), new Heard()))
        .isInstanceOf(EngineClosedException.class);
  }

  @Test
  void manyRequestsWithFaultsLeaveNoSlotThreadOrTensorBehind() throws InterruptedException {
    var random = new Random(SEED);
    var prompts = TinyModels.prompts(SEED, 8);
    var plans = List.of(HookPlan.none(), doubling(), doubling());
    try (var engine = Engine.start(model, options(5, 4))) {
      long tensors = -1;
      for (int round = 0; round < 4; round++) {
        var over = new CountDownLatch(ROUND);
        for (int i = 0; i < ROUND; i++) {
          var faulty = new Faulty(random.nextInt(4), over);
          var request =
              Request.of(prompts.get(random.nextInt(8)), Set.of(5), 1 + random.nextInt(6))
                  .with(plans.get(random.nextInt(3)));
          faulty.ticket(
              engine.submit(random.nextBoolean() ? request : request.reporting(1), faulty));
        }
        assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
        // The first round finds out which beginnings are worth keeping, and warms what is lazy.
        tensors = round == 0 ? tensorsLeft(engine, Long.MAX_VALUE) : tensors;
        assertThat(tensorsLeft(engine, tensors)).as("tensors").isLessThanOrEqualTo(tensors);
      }
      var state = engine.state();
      assertThat(state.ended() + state.failed() + state.cancelled()).isEqualTo(4L * ROUND);
      assertThat(List.of(state.ended(), state.failed(), state.cancelled()))
          .allMatch(count -> count > ROUND / 10);
    }
    assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals("engine"));
  }

  private static HookPlan doubling() {
    return HookPlan.none().edit(new HookPoint(1, Site.RESID_PRE), x -> x.times(2));
  }

  /// Native objects once nothing runs; the last turn frees what it made when all have heard.
  private static long tensorsLeft(Engine engine, long most) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < end
        && (engine.state().running() + engine.state().queued() > 0
            || Pointer.totalCount() > most)) {
      Thread.sleep(1);
    }
    return Pointer.totalCount();
  }

  /// Behaves, throws, or gives up at once or in the middle.
  private static final class Faulty implements Listener {
    private final int fault;
    private final CountDownLatch over;
    private final AtomicBoolean counted = new AtomicBoolean();
    private final AtomicReference<Optional<Ticket>> ticket =
        new AtomicReference<>(Optional.empty());

    Faulty(int fault, CountDownLatch over) {
      this.fault = fault;
      this.over = over;
    }

    void ticket(Ticket own) {
      ticket.set(Optional.of(own));
      if (fault == 1) {
        own.cancel();
        count();
      }
    }

    @Override
    public void token(Written token) {
      if (fault == 2) {
        throw new IllegalStateException("a listener that throws");
      }
      if (fault == 3) {
        ticket
            .get()
            .ifPresent(
                own -> {
                  own.cancel();
                  count();
                });
      }
    }

    @Override
    public void ended(Completion.End end) {
      count();
    }

    @Override
    public void failed(RuntimeException reason) {
      count();
      throw reason;
    }

    private void count() {
      if (counted.compareAndSet(false, true)) {
        over.countDown();
      }
    }
  }
}
