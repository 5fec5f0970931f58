package dev.demur.app.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A file that a command will write when its work is done.
public final class Destination {

  private Destination() {}

  /// Makes sure that there is a folder for the file, before hours go into what it will hold.
  ///
  /// @throws IOException if there is none, or it cannot be written to
  public static void require(Path file) throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling(".").normalize();
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    if (!Files.isWritable(folder)) {
      throw new AccessDeniedException(folder.toString());
    }
  }
}
