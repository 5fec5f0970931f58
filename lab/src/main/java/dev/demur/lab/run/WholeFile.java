package dev.demur.lab.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes a file so that it is either whole or not there: a temporary name, synced, renamed.
public final class WholeFile {

  private WholeFile() {}

  /// Writes or replaces `file`.
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, bytes, Readers.AS_USUAL);
  }

  /// Writes or replaces `file`, which these may read; they are set before the first byte is there.
  public static void write(Path file, byte[] bytes, Readers readers) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (var channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        readers.apply(temporary);
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw new IOException(
          file
              + ": could not be written ("
              + e.getMessage()
              + "); free space or choose another"
              + " folder, then run the same command to go on.",
          e);
    }
  }
}
