package dev.demur.model.generate;

import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What a listener heard.
final class Heard implements Listener {

  private static final long SECONDS = 60;

  private final List<Written> tokens = new ArrayList<>();
  private final List<Likelihood> prompt = new ArrayList<>();
  private final CompletableFuture<Completion.End> end = new CompletableFuture<>();

  @Override
  public void prompt(List<Likelihood> likelihoods) {
    prompt.addAll(likelihoods);
  }

  @Override
  public void token(Written token) {
    tokens.add(token);
  }

  @Override
  public void ended(Completion.End how) {
    end.complete(how);
  }

  @Override
  public void failed(RuntimeException reason) {
    end.completeExceptionally(reason);
  }

  /// Waits for the end.
  Completion completion() {
    var how = end.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    return new Completion(TokenIds.of(tokens.stream().map(Written::id).toList()), how);
  }

  /// Waits for a failure.
  Throwable failure() {
    try {
      throw new AssertionError("ended: " + end.get(SECONDS, TimeUnit.SECONDS));
    } catch (java.util.concurrent.ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  boolean isOver() {
    return end.isDone();
  }

  List<Written> tokens() {
    return tokens;
  }

  List<Likelihood> prompt() {
    return prompt;
  }
}
