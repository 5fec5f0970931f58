package dev.demur.lab.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Writes a file so that it is either whole or not there: a temporary name that nobody can guess,
/// synced, renamed. A link of the file's name is replaced, never followed.
public final class WholeFile {

  private static final SecureRandom RANDOM = new SecureRandom();

  private static final int RANDOM_BYTES = 8;

  private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.[0-9a-f]{16}\\.part");

  private WholeFile() {}

  /// Writes a file's content to the path it is given, where nothing is yet.
  @FunctionalInterface
  public interface Content {
    void write(Path file) throws IOException;
  }

  /// Writes or replaces `file`.
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, bytes, Readers.AS_USUAL);
  }

  /// Writes or replaces `file`, which these may read; they are set before the first byte is there.
  public static void write(Path file, byte[] bytes, Readers readers) throws IOException {
    write(Disk.usual(), file, bytes, readers);
  }

  static void write(Disk disk, Path file, byte[] bytes, Readers readers) throws IOException {
    replace(
        disk,
        file,
        temporary -> {
          try (var channel = disk.create(temporary, readers)) {
            disk.write(channel, ByteBuffer.wrap(bytes));
            disk.sync(channel);
          }
        });
  }

  /// Writes or replaces `file` with what another writer writes.
  static void write(Disk disk, Path file, Content content, Readers readers) throws IOException {
    replace(
        disk,
        file,
        temporary -> {
          content.write(temporary);
          readers.apply(temporary);
          try (var channel = disk.open(temporary)) {
            disk.sync(channel);
          }
        });
  }

  private static void replace(Disk disk, Path file, Content content) throws IOException {
    Path temporary = temporary(file);
    try {
      content.write(temporary);
      disk.rename(temporary, file);
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

  private static Path temporary(Path file) {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    String unique = HexFormat.of().formatHex(random);
    return file.resolveSibling("." + file.getFileName() + "." + unique + ".part");
  }

  /// Whether a name is one of a file that was being written when a process was killed.
  static boolean isTemporary(String name) {
    return TEMPORARY.matcher(name).matches();
  }
}
