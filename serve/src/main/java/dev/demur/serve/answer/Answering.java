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
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

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
    } catch (EngineFullException e) {
      cancel();
      throw ApiException.later("the server is busy: " + e.getMessage(), RETRY_SECONDS);
    } catch (EngineClosedException e) {
      cancel();
      throw new ApiException(Reason.CLOSING, "the server is going down");
    }
  }

  private void submit(Lane lane) {
    var tokenizer = model.chat().tokenizer();
    var ends = model.chat().stopTokens();
    // With log-probabilities the token that ends an answer is told, as clients that score expect.
    boolean toldEnd = ask.prompting() == Ask.Prompting.LIKELIHOODS;
    transcripts.add(new Transcript(lane, ask, tokenizer, toldEnd ? ends : Set.of()));
    var reading =
        new Reading(
            lane.side() == Side.TREATED ? run.reads() : Map.of(), model.chat().config().nLayers());
    var plan = lane.side() == Side.TREATED ? run.plan() : HookPlan.none();
    if (!run.reads().isEmpty() && lane.side() == Side.TREATED) {
      plan = plan.then(reading.probes());
    }
    var request =
        new Request(
            ask.prompt(),
            plan,
            ask.sampling().sampler(lane.answer()),
            toldEnd ? Set.of() : ends,
            ask.maxTokens(),
            likeliest(),
            ask.prompting() == Ask.Prompting.LIKELIHOODS
                ? Request.Echo.LIKELIHOODS
                : Request.Echo.NOTHING);
    int index = transcripts.size() - 1;
    tickets.add(model.engine().submit(request, new Handing(index, reading)));
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
      return new Usage(ask.prompt().size(), written, prompt);
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
    private final Reading reading;

    Handing(int lane, Reading reading) {
      this.lane = lane;
      this.reading = reading;
    }

    @Override
    public void prompt(List<Likelihood> tokens) {
      heard.add(new Heard.Prompt(lane, tokens));
    }

    @Override
    public void token(Written token) {
      heard.add(new Heard.Token(lane, token, reading.latest()));
    }

    @Override
    public void ended(Completion.End end) {
      heard.add(new Heard.Ended(lane, end));
    }

    @Override
    public void failed(RuntimeException reason) {
      heard.add(new Heard.Failed(lane, reason));
    }
  }
}
