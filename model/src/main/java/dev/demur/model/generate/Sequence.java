package dev.demur.model.generate;

import dev.demur.model.hook.HookPlan;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One request in a batch: what was read and written of it so far. Changed by every pass; only
/// [#cancel] may come from another thread.
final class Sequence {

  private final Request request;
  private final Listener listener;
  private final int most;
  private final Chooser chooser;
  private final List<Integer> written = new ArrayList<>();
  private final List<Likelihood> ofPrompt = new ArrayList<>();
  private int name;
  private int read;
  private Optional<Completion.End> end = Optional.empty();
  private Optional<RuntimeException> failure = Optional.empty();
  private volatile boolean cancelled;

  /// @param most tokens it may write
  Sequence(Request request, Listener listener, int most) {
    this.request = request;
    this.listener = listener;
    this.most = most;
    this.chooser = Chooser.of(request.sampler());
  }

  Request request() {
    return request;
  }

  HookPlan plan() {
    return request.plan();
  }

  TokenIds prompt() {
    return request.prompt();
  }

  /// What its plan's rows call it.
  int name() {
    return name;
  }

  /// Gives it a name.
  Sequence called(int what) {
    name = what;
    return this;
  }

  Chooser chooser() {
    return chooser;
  }

  /// Whether the largest logit is all that is wanted of a pass.
  boolean isPlain() {
    return chooser.isPlain() && request.likeliest().isEmpty();
  }

  boolean echoes() {
    return request.echo() == Request.Echo.LIKELIHOODS;
  }

  /// Tokens of the prompt that the batch holds.
  int read() {
    return read;
  }

  /// Counts tokens of the prompt that the batch holds from now on.
  void read(int count) {
    read += count;
  }

  /// Tokens of the prompt that are still to be read.
  int unread() {
    return prompt().size() - read;
  }

  /// Takes over tokens of the prompt that the batch holds already.
  ///
  /// @param likelihoods of as many tokens from the second on, where it echoes
  void takeOver(int count, List<Likelihood> likelihoods) {
    read += count;
    ofPrompt.addAll(likelihoods);
  }

  /// Likelihoods of the prompt's tokens from the second on, as far as they are known; none where it
  /// does not echo.
  List<Likelihood> likelihoods() {
    return List.copyOf(ofPrompt);
  }

  /// Keeps likelihoods of the prompt's tokens, and shows them when all are there.
  void echo(List<Likelihood> likelihoods) {
    ofPrompt.addAll(likelihoods);
    if (unread() == 0) {
      tell(() -> listener.prompt(List.copyOf(ofPrompt)));
      if (most == 0) {
        end = Optional.of(Completion.End.LENGTH);
      }
    }
  }

  /// The token to be run next.
  int pending() {
    return written.getLast();
  }

  /// Tokens written, the pending one included.
  int written() {
    return written.size();
  }

  /// The first tokens of prompt and answer together.
  ///
  /// @param count how many, of those that were run
  TokenIds beginning(int count) {
    return prompt().plus(TokenIds.of(written)).slice(0, count);
  }

  /// Takes the next token.
  void accept(Written token) {
    if (isOver()) {
      return;
    }
    if (request.stopTokens().contains(token.id())) {
      end = Optional.of(Completion.End.STOP);
      return;
    }
    written.add(token.id());
    chooser.wrote(token.id());
    tell(() -> listener.token(token));
    if (written.size() >= most) {
      end = Optional.of(Completion.End.LENGTH);
    }
  }

  /// Gives it up; any thread may call.
  void cancel() {
    cancelled = true;
  }

  boolean hasEnded() {
    return end.isPresent();
  }

  boolean hasFailed() {
    return failure.isPresent();
  }

  /// Gives the sequence up because of an error.
  void fail(RuntimeException reason) {
    if (failure.isEmpty()) {
      failure = Optional.of(reason);
    }
  }

  /// Whether it has left or is to leave the batch.
  boolean isOver() {
    return cancelled || failure.isPresent() || end.isPresent();
  }

  /// Tells the listener how it came out, if it may still hear.
  void close() {
    if (cancelled) {
      return;
    }
    if (failure.isEmpty()) {
      tell(() -> end.ifPresent(listener::ended));
    }
    failure.ifPresent(
        reason -> {
          try {
            listener.failed(reason);
          } catch (RuntimeException | Error _) {
            // It hears of its own failure, and fails at that: nobody is left to be told.
          }
        });
  }

  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      fail(e);
    } catch (Error e) {
      fail(new IllegalStateException("a listener failed: " + e, e));
    }
  }
}
