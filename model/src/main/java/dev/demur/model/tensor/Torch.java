package dev.demur.model.tensor;

import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch;

/// Process-wide switches of the compute engine.
public final class Torch {

  private Torch() {}

  /// Begins to load libtorch on a thread of its own; whatever needs tensors waits for it. Worth its
  /// while before reading files.
  public static void startLoading() {
    Libtorch.startLoading();
  }

  /// Sets how many threads one operation may use.
  ///
  /// Matrix products have a pool of their own. Left alone it takes every core, and two threads that
  /// wait for each other over small matrices cost seven times one thread's processor time.
  ///
  /// @throws IllegalArgumentException if `threads` is below 1
  public static void threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be >= 1, was " + threads);
    }
    Libtorch.await();
    torch.set_num_threads(threads);
    openblas.blas_set_num_threads(threads);
  }

  /// How many threads one operation uses.
  public static int threads() {
    Libtorch.await();
    return torch.get_num_threads();
  }

  /// Switches gradients off on this thread until closed; inference always runs under one.
  public static Guard inference() {
    Libtorch.await();
    return new Guard(new NoGradGuard());
  }

  /// Whether operations on this thread keep what their gradients need.
  public static boolean gradients() {
    return GradMode.is_enabled();
  }

  /// An open switch; closing it restores what was before.
  public static final class Guard implements AutoCloseable {
    private final NoGradGuard guard;

    private Guard(NoGradGuard guard) {
      this.guard = guard;
    }

    @Override
    public void close() {
      guard.close();
    }
  }
}
