package dev.demur.model.local;

import dev.demur.model.local.PrivateFolder.Links;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;

/// Where native libraries are unpacked to and loaded from: `native` in the [UserCache].
///
/// Libtorch and OpenBLAS come through JavaCPP, which would choose a predictable folder below the
/// shared temporary one where the home cannot be written: whoever puts a library there first has it
/// run. So Demur gives it a private folder and checks that folder at every start.
public final class NativeFolder {

  private static boolean prepared;

  private NativeFolder() {}

  /// Makes and checks the folder and names it to JavaCPP, once. Call it before the first class of
  /// it is touched.
  ///
  /// @throws NativeFolderError if somebody else may have changed what is in it
  public static synchronized void prepare() {
    prepare("native", Links.INSIDE);
  }

  /// The same for libraries that somebody else installed: JavaCPP leaves links to them and to those
  /// of the system that they need, so they have a folder of their own.
  ///
  /// @throws NativeFolderError as [#prepare()]
  public static synchronized void prepareForInstalled() {
    prepare("native-installed", Links.TO_INSTALLED_FILES);
  }

  /// A private folder for the native library of another program than JavaCPP.
  ///
  /// @param library its name, which names the folder
  /// @throws NativeFolderError as [#prepare()]
  /// @throws IOException if the folder cannot be made
  public static Path of(String library) throws IOException {
    return PrivateFolder.in(UserCache.folder(), "native-" + library);
  }

  /// Whether anybody may write to a library or its folder: what one loads runs with one's own
  /// rights. The file system must know permissions (POSIX).
  public static boolean anybodyMayChange(Path file) throws IOException {
    return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static void prepare(String name, Links links) {
    if (prepared) {
      return;
    }
    try {
      Path unpacked = PrivateFolder.in(UserCache.folder(), name, links).resolve("javacpp");
      UnpackedLibraries.deleteParts(unpacked);
      System.setProperty("org.bytedeco.javacpp.cachedir", unpacked.toString());
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
}
