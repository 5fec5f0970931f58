package dev.demur.model.tensor;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch;

/// Process-wide switches of the compute engine.
public final class Torch {

  private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=([^,\\s]+)");

  private Torch() {}

  /// Begins to load libtorch on a thread of its own; whatever needs tensors waits for it. Worth its
  /// while before reading files.
  public static void startLoading() {
    Libtorch.startLoading();
  }

  /// Computes with an installed PyTorch's libraries, which may bring CUDA, in place of the bundled
  /// ones. Comes before the first tensor.
  ///
  /// @throws IllegalArgumentException if it does not fit
  /// @throws IllegalStateException if another libtorch is loaded already
  public static void use(InstalledTorch installed) {
    installed
        .unfit()
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(installed.folder() + ": " + reason);
            });
    Libtorch.use(installed);
  }

  /// Whether `DEMUR_TORCH` asks for an installed PyTorch.
  ///
  /// @param environment variables of the process
  public static boolean isAsked(Map<String, String> environment) {
    return Libtorch.isAsked(environment);
  }

  /// The installed PyTorch in use; empty where it is the bundled libtorch. Loads it.
  ///
  /// @throws TorchChoiceError if the one asked for by `DEMUR_TORCH` is not to be had
  public static Optional<InstalledTorch> installed() {
    Libtorch.await();
    return Libtorch.chosen();
  }

  /// Version of the libtorch in use, such as `2.10.0`, as it tells itself. Loads it.
  public static String version() {
    Libtorch.await();
    try (var _ = new PointerScope()) {
      var match = VERSION.matcher(torch.show_config().getString());
      return match.find() ? match.group(1) : "of unknown version";
    }
  }

  /// Makes sure that a libtorch with CUDA is loaded: the one `DEMUR_TORCH` names, else the first
  /// that fits of those installed.
  ///
  /// @throws IllegalArgumentException if there is none, or it sees no card
  public static void requireCuda() {
    if (Card.all().isEmpty()) {
      throw new IllegalArgumentException(
          "there is no CUDA card here: its driver is missing or shows none");
    }
    if (!isAsked(System.getenv())) {
      try {
        Libtorch.use(Libtorch.found(System.getenv()));
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "the bundled libtorch has no CUDA, and " + e.getMessage(), e);
      }
    }
    Libtorch.await();
    if (!torch.hasCUDA() || !torch.cuda_is_available()) {
      throw new IllegalArgumentException(
          Libtorch.chosen().map(InstalledTorch::toString).orElse("the bundled libtorch")
              + (torch.hasCUDA()
                  ? " has CUDA but sees no card; its driver is missing or too old"
                  : " has no CUDA"));
    }
  }

  /// Waits for everything a device still computes; nothing on the host.
  public static void finish(Device device) {
    if (device.kind() == Device.Kind.CUDA) {
      torch.cuda_synchronize(device.index());
    }
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

  /// Keeps OpenBLAS from sharing out products, for operations that multiply on every thread of
  /// their own, until closed.
  static BlasThreads oneThreadInProducts() {
    int threads = openblas.blas_get_num_threads();
    if (threads > 1) {
      ProductThreads.set(1);
    }
    return new BlasThreads(threads);
  }

  /// What OpenBLAS had; closing restores it.
  record BlasThreads(int threads) implements AutoCloseable {
    @Override
    public void close() {
      if (threads > 1) {
        ProductThreads.set(threads);
      }
    }
  }

  /// How many threads one operation uses.
  public static int threads() {
    Libtorch.await();
    return torch.get_num_threads();
  }

  /// Switches gradients off on this thread until closed; inference always runs under one.
  ///
  /// @throws IllegalStateException on a virtual thread, which may go on on another carrier while
  ///   libtorch keeps the switch by the carrier
  public static Guard inference() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a pass needs a platform thread of its own");
    }
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
