package dev.demur.serve.direct;

import dev.demur.serve.answer.Passes;
import dev.demur.serve.api.ApiException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Lets one request at a time ask the model, beside the engine that serves everybody.
final class Turn {

  private final Semaphore one = new Semaphore(1);
  private final int seconds;
  private final String busy;

  /// @param seconds the longest to wait for one's turn, and what others are told to wait
  /// @param busy what those are told who waited that long
  Turn(int seconds, String busy) {
    this.seconds = seconds;
    this.busy = busy;
  }

  /// Waits on the request's thread, then runs the passes on one of their own.
  ///
  /// @throws ApiException if it was not one's turn in time
  <T> T take(Supplier<T> passes) {
    try {
      if (!one.tryAcquire(seconds, TimeUnit.SECONDS)) {
        throw ApiException.later(busy, seconds);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(ApiException.Reason.CLOSING, "the server is going down");
    }
    try {
      return Passes.of(passes);
    } finally {
      one.release();
    }
  }
}
