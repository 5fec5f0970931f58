package dev.demur.model.tensor;

import dev.demur.model.local.NativeFolder;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.bytedeco.pytorch.global.torch;

/// Loads libtorch, once.
///
/// It takes a third of a second, most of it in libtorch's own registers of operations, and may run
/// beside work that needs no tensors. Every class that may be the first to touch libtorch waits for
/// it in its initialiser: two threads that initialise the bindings' classes at once can wait for
/// each other for ever.
final class Libtorch {

  private static final FutureTask<Boolean> LOADING = new FutureTask<>(Libtorch::load);

  private Libtorch() {}

  /// Begins on a thread of its own, if nobody has.
  static void startLoading() {
    Thread.ofPlatform().name("demur-libtorch").daemon().start(LOADING);
  }

  /// Returns once it is loaded.
  ///
  /// @throws LinkageError if it cannot be
  static void await() {
    LOADING.run(); // does nothing where another thread has begun
    try {
      LOADING.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LinkageError error
          ? error
          : new LinkageError("libtorch could not be loaded", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LinkageError("interrupted while libtorch was loaded", e);
    }
  }

  private static boolean load() {
    NativeFolder.prepare();
    IdleThreads.sleepEarly(); // libtorch's thread pools read the environment as they are loaded
    return torch.get_num_threads() > 0;
  }
}
