package dev.demur.model.tensor;

import dev.demur.model.local.NativeFolder;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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

  /// Variable that says which libtorch: empty for the bundled one, `auto`, or a path.
  static final String VARIABLE = "DEMUR_TORCH";

  private static final FutureTask<Boolean> LOADING = new FutureTask<>(Libtorch::load);

  private static Optional<InstalledTorch> chosen = Optional.empty();
  private static boolean begun;

  private Libtorch() {}

  /// Takes an installed PyTorch's libraries for the bundled ones.
  ///
  /// @throws IllegalStateException if libtorch is loaded already, another one
  static synchronized void use(InstalledTorch torch) {
    if (begun && !chosen.equals(Optional.of(torch))) {
      throw new IllegalStateException(
          "libtorch is loaded already ("
              + chosen.map(InstalledTorch::toString).orElse("the bundled one")
              + "); which one is decided before the first tensor");
    }
    chosen = Optional.of(torch);
  }

  /// The installed PyTorch that is used, if one is.
  static synchronized Optional<InstalledTorch> chosen() {
    return chosen;
  }

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
    begin().ifPresentOrElse(Libtorch::putInFront, NativeFolder::prepare);
    IdleThreads.sleepEarly(); // libtorch's thread pools read the environment as they are loaded
    return torch.get_num_threads() > 0;
  }

  private static synchronized Optional<InstalledTorch> begin() {
    if (chosen.isEmpty()) {
      chosen = ofEnvironment(System.getenv());
    }
    begun = true;
    return chosen;
  }

  /// Whether the environment says which libtorch, other than the bundled one.
  static boolean isAsked(Map<String, String> environment) {
    return !environment.getOrDefault(VARIABLE, "").isEmpty();
  }

  /// What the environment asks for.
  ///
  /// @throws TorchChoiceError if that is not to be had
  static Optional<InstalledTorch> ofEnvironment(Map<String, String> environment) {
    String wanted = environment.getOrDefault(VARIABLE, "");
    try {
      return switch (wanted) {
        case "" -> Optional.empty();
        case "auto" -> Optional.of(found(environment));
        default -> Optional.of(fitting(InstalledTorch.at(Path.of(wanted))));
      };
    } catch (IOException | InvalidPathException e) {
      throw new TorchChoiceError(VARIABLE + ": " + e.getMessage(), e);
    }
  }

  /// The first that fits of those installed.
  ///
  /// @throws IOException if none does
  static InstalledTorch found(Map<String, String> environment) throws IOException {
    var all = InstalledTorch.all(environment);
    var first = all.stream().filter(torch -> torch.unfit().isEmpty()).findFirst();
    if (first.isPresent()) {
      return first.get();
    }
    throw new IOException(
        all.isEmpty()
            ? "no PyTorch was found; activate its environment, or name its folder; pip install"
                + " torch==2.11.0 brings one that fits"
            : "no PyTorch that fits was found: "
                + all.getFirst()
                + ": "
                + all.getFirst().unfit().orElseThrow());
  }

  private static InstalledTorch fitting(InstalledTorch torch) throws IOException {
    var unfit = torch.unfit();
    if (unfit.isPresent()) {
      throw new IOException(torch.folder() + ": " + unfit.get());
    }
    return torch;
  }

  /// JavaCPP then loads these libraries before it would unpack its own.
  private static void putInFront(InstalledTorch torch) {
    NativeFolder.prepareForInstalled();
    System.setProperty("org.bytedeco.javacpp.pathsFirst", "true");
    System.setProperty("org.bytedeco.javacpp.platform.preloadpath", torch.libraries().toString());
  }
}
