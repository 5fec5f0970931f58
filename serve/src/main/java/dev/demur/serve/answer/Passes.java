package dev.demur.serve.answer;

import dev.demur.model.tensor.Scope;
import dev.demur.serve.api.ApiException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Runs what a request asks of the model beside the engine, on a thread of its own.
///
/// Requests have virtual threads. One that had to wait goes on on another carrier, and libtorch
/// keeps its modes by the carrier: a pass would lose inference in its middle, and leave it behind.
public final class Passes {

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("serve-pass-", 0).factory());

  private Passes() {}

  /// What a pass gives. Tensors that it makes end with it.
  ///
  /// @throws RuntimeException as thrown by the pass
  public static <T> T of(Supplier<T> pass) {
    try {
      return THREADS.submit(() -> scoped(pass)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(ApiException.Reason.CLOSING, "the server is going down");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private static <T> T scoped(Supplier<T> pass) {
    try (var _ = Scope.open()) {
      return pass.get();
    }
  }
}
