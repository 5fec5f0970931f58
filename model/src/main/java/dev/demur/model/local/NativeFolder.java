package dev.demur.model.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Where native libraries are unpacked to and loaded from: `native` in the [UserCache].
///
/// Three libraries bring native code and would each choose a folder of its own, two of them a
/// predictable one below the shared temporary folder where the home cannot be written: whoever puts
/// a library there first has it run. So all are told the same private folder, and it is checked at
/// every start.
public final class NativeFolder {

  private static boolean prepared;

  private NativeFolder() {}

  /// Makes and checks the folder and names it to the libraries, once. Call it before the first
  /// class of one of them is touched.
  ///
  /// @throws NativeFolderError if somebody else may have changed what is in it
  public static synchronized void prepare() {
    if (prepared) {
      return;
    }
    try {
      Path folder = PrivateFolder.in(UserCache.folder(), "native");
      checkNamed("ENGINE_CACHE_DIR");
      checkNamed("RUST_LIBRARY_PATH");
      name(folder);
    } catch (IOException e) {
      throw new NativeFolderError("native libraries have no folder: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw new NativeFolderError(String.valueOf(cause(e).getMessage()), e);
    }
    prepared = true;
  }

  private static IOException cause(UncheckedIOException e) {
    return Objects.requireNonNull(e.getCause(), "cause");
  }

  private static void name(Path folder) {
    // libtorch and OpenBLAS
    System.setProperty("org.bytedeco.javacpp.cachedir", folder.resolve("javacpp").toString());
    // tokenizers; it would fetch another build from the network where it sees a GPU
    System.setProperty("ENGINE_CACHE_DIR", folder.resolve("tokenizers").toString());
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("ai.djl.offline", "true");
    // JNA, with which tokenizers looks for a GPU
    System.setProperty("jna.tmpdir", folder.resolve("jna").toString());
    System.setProperty("jna.nosys", "true");
  }

  /// A variable of the environment that overrides ours; what it names must be as private.
  private static void checkNamed(String variable) throws IOException {
    String value = Objects.requireNonNullElse(System.getenv(variable), "");
    if (!value.isBlank()) {
      Path named = Path.of(value).toAbsolutePath();
      Path folder = Files.isRegularFile(named) ? named.getParent() : named;
      PrivateFolder.check(Objects.requireNonNull(folder, "a file lies in a folder"));
    }
  }
}
