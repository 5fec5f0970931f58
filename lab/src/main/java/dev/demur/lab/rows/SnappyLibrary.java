package dev.demur.lab.rows;

import dev.demur.model.local.NativeFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/// Snappy's native library, unpacked to a folder of the user's own and not to the shared temporary
/// one.
final class SnappyLibrary {

  private static final String FOLDER = "org.xerial.snappy.tempdir";

  private SnappyLibrary() {}

  /// Loads it, once.
  ///
  /// @param file what needs it, for messages
  /// @throws DataFormatException if there is none for this system, or it cannot be loaded
  /// @throws IOException if it has no folder to be unpacked to
  static void load(Path file) throws IOException {
    if (System.getProperty(FOLDER) == null) {
      System.setProperty(FOLDER, NativeFolder.of("snappy").toString());
    }
    try {
      Snappy.maxCompressedLength(1);
    } catch (SnappyError | LinkageError e) {
      throw new DataFormatException(
          file,
          "is compressed with Snappy, whose library does not load here ("
              + e.getMessage()
              + "); write it again with GZIP.",
          e);
    }
  }
}
