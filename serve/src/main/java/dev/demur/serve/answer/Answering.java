package dev.demur.serve.answer;

import dev.demur.model.generate.Completion;
import dev.demur.model.generate.EngineClosedException;
import dev.demur.model.generate.EngineFullException;
import dev.demur.model.generate.Likelihood;
import dev.demur.model.generate.Listener;
import dev.demur.model.generate.Request;
import dev.demur.model.generate.Ticket;
import dev.demur.model.generate.Written;
import dev.demur.model.hook.HookPlan;
import dev.demur.serve.answer.Lane.Side;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ApiException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Answers one [Ask], from handing it to the engine to its last piece. Used once, by one thread.
public final class Answering {

  /// How often one looks whether the client is still there.
  private static final long LOOK_MILLIS = 50;

  /// When a full engine is worth another try.
  private static final int RETRY_SECONDS = 1;

  private final ServedModel model;
  private final Ask ask;
  private final Run run;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final List<Ticket> tickets = new ArrayList<>();
  private final List<Transcript> transcripts = new ArrayList<>();
  private List<Likelihood> prompt = List.of();

  public Answering(ServedModel model, Ask ask, Run run) {
    this.model = model;
    this.ask = ask;
    this.run = run;
  }

  /// Hands the request over, all its answers at once or none.
  ///
  /// @throws ApiException if the engine's queue is full, or it is closing
  public void begin() {
    try {
      for (int answer = 0; answer < ask.answers(); answer++) {
        for (var side : run.sides()) {
          submit(new Lane(answer, side));
        }
      }
    } catch (RuntimeException e) {
      cancel();
      throw e;
    }
  }

  private void submit(Lane lane) {
    boolean isTreated = lane.side() == Side.TREATED;
    submit(
        lane,
        isTreated ? run.edits() : Edits.always(HookPlan.none()),
        isTreated ? run.watcher() : Optional.empty());
  }

  private void submit(Lane lane, Edits edits, Optional<Watcher> watcher) {
    var tokenizer = model.chat().tokenizer();
    var ends = model.chat().stopTokens();
    // Where a prompt is scored, the token that ends an answer is told, as clients that score
    // expect.
    boolean isScored = ask.prompting() == Ask.Prompting.LIKELIHOODS;
    transcripts.add(new Transcript(lane, ask, tokenizer, isScored ? ends : Set.of()));
    var reading = new Reading(run.reads(), model.chat().config().nLayers());
    var look = watcher.map(each -> each.look(ask.prompt()));
    var own = edits.next(ask.start());
    var request =
        new Request(
            ask.prompt().tokens(),
            probed(own.plan(), reading, look),
            ask.sampling().sampler(lane.answer()),
            isScored ? Set.of() : ends,
            ask.maxTokens(),
            likeliest(),
            isScored ? Request.Echo.LIKELIHOODS : Request.Echo.NOTHING);
    int index = transcripts.size() - 1;
    tickets.add(ticket(request, new Handing(index, own.heard(), reading, look)));
  }

  private Ticket ticket(Request request, Listener listener) {
    try {
      return model.engine().submit(request, listener);
    } catch (EngineFullException e) {
      throw ApiException.later("the server is busy: " + e.getMessage(), RETRY_SECONDS);
    } catch (EngineClosedException e) {
      throw new ApiException(Reason.CLOSING, "the server is going down");
    }
  }

  /// Without probes the plan stays the object that other requests have too.
  private static HookPlan probed(HookPlan edits, Reading reading, Optional<Watcher.Look> look) {
    var plan = edits;
    if (!reading.isOfNothing()) {
      plan = plan.then(reading.probes());
    }
    return look.isPresent() ? plan.then(look.get().probes()) : plan;
  }

  private OptionalInt likeliest() {
    return ask.prompting() == Ask.Prompting.LIKELIHOODS
        ? OptionalInt.of(ask.likeliest().orElse(0))
        : ask.likeliest();
  }

  /// Hands pieces on until all answers have ended.
  ///
  /// @param isGone whether nobody waits any more
  /// @param most the time it may take
  /// @throws ApiException if an answer fails or takes too long
  public Usage run(BooleanSupplier isGone, Duration most, Consumer<Piece> taker) {
    long end = System.nanoTime() + most.toNanos();
    try {
      int open = transcripts.size();
      while (open > 0) {
        var next = heard.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (isGone.getAsBoolean()) {
          throw new AbandonedException();
        }
        if (System.nanoTime() > end) {
          throw new ApiException(Reason.FAULT, "the answer took longer than " + most);
        }
        if (next != null && take(next, taker)) {
          open--;
        }
      }
      int written = transcripts.stream().mapToInt(Transcript::count).sum();
      return new Usage(ask.prompt().length(), written, prompt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(Reason.CLOSING, "the server is going down");
    } finally {
      cancel();
    }
  }

  /// Gives up what has not ended.
  public void cancel() {
    tickets.forEach(Ticket::cancel);
  }

  /// @return whether a lane came to its end
  private boolean take(Heard next, Consumer<Piece> taker) {
    var transcript = transcripts.get(next.lane());
    if (transcript.isEnded()) {
      return false;
    }
    return switch (next) {
      case Heard.Prompt(_, var tokens) -> {
        prompt = tokens;
        yield false;
      }
      case Heard.Saw(int lane, var seen) -> react(lane, seen, taker);
      case Heard.Token(int lane, var written, var projections) -> {
        tell(transcript.next(written, projections), taker);
        if (transcript.isEnded()) {
          tickets.get(lane).cancel();
        }
        yield transcript.isEnded();
      }
      case Heard.Ended(_, var end) -> {
        tell(transcript.end(end), taker);
        yield true;
      }
      case Heard.Failed(_, var reason) -> throw failure(reason);
    };
  }

  /// @return whether the lane came to its end
  private boolean react(int index, Seen seen, Consumer<Piece> taker) {
    var lane = transcripts.get(index).lane();
    taker.accept(Piece.seen(lane, seen));
    return switch (run.watcher().orElseThrow().react(seen, lane, ask.prompt())) {
      case Watcher.Reaction.GoOn() -> false;
      case Watcher.Reaction.Refuse(String text) -> {
        leave(index);
        taker.accept(Piece.refusal(lane, text));
        yield true;
      }
      case Watcher.Reaction.Under(var edits) -> {
        leave(index);
        submit(lane, edits, Optional.empty());
        yield false;
      }
    };
  }

  private void leave(int index) {
    transcripts.get(index).abandon();
    tickets.get(index).cancel();
  }

  private static void tell(Piece piece, Consumer<Piece> taker) {
    if (!piece.isEmpty()) {
      taker.accept(piece);
    }
  }

  private static RuntimeException failure(RuntimeException reason) {
    return reason instanceof EngineClosedException
        ? new ApiException(Reason.CLOSING, "the server is going down")
        : reason;
  }

  /// Hands what the engine says to the thread that serves the client.
  private final class Handing implements Listener {

    private final int lane;
    private final IntConsumer hearing;
    private final Reading reading;
    private Optional<Watcher.Look> look;

    Handing(int lane, IntConsumer hearing, Reading reading, Optional<Watcher.Look> look) {
      this.lane = lane;
      this.hearing = hearing;
      this.reading = reading;
      this.look = look;
    }

    @Override
    public void prompt(List<Likelihood> tokens) {
      heard.add(new Heard.Prompt(lane, tokens));
    }

    @Override
    public void token(Written token) {
      hearing.accept(token.id());
      handSeen();
      heard.add(new Heard.Token(lane, token, reading.latest()));
    }

    @Override
    public void ended(Completion.End end) {
      handSeen();
      heard.add(new Heard.Ended(lane, end));
    }

    private void handSeen() {
      look.ifPresent(each -> heard.add(new Heard.Saw(lane, each.seen())));
      look = Optional.empty();
    }

    @Override
    public void failed(RuntimeException reason) {
      heard.add(new Heard.Failed(lane, reason));
    }
  }
}
