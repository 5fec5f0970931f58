package dev.demur.model.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/// The one way files are written: a file is either whole or not there. It has a temporary name that
/// nobody can guess, is synced and renamed. A link of the file's name is replaced, never followed.
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

  /// Writes or replaces `file` with a text, as UTF-8.
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes or replaces `file`, which these may read; they are set before the first byte is there.
  public static void write(Path file, byte[] bytes, Readers readers) throws IOException {
    replace(
        file,
        temporary -> {
          try (var channel = create(temporary, readers)) {
            var rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
              channel.write(rest);
            }
            channel.force(true);
          }
        });
  }

  /// Writes or replaces `file` with what another writer writes to the path it is given.
  public static void write(Path file, Content content, Readers readers) throws IOException {
    replace(
        file,
        temporary -> {
          content.write(temporary);
          readers.apply(temporary);
          try (var channel =
              FileChannel.open(temporary, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
          }
        });
  }

  /// Makes a file that is not there yet, to be read and written; the caller closes it.
  ///
  /// @param readers set before the first byte is there
  public static FileChannel create(Path file, Readers readers) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        readers.attributes(file));
  }

  private static void replace(Path file, Content content) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + ": is a folder, expected a file or nothing. Delete it.");
    }
    Path temporary = temporary(file);
    try {
      content.write(temporary);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(temporary, e);
      throw new IOException(
          file
              + ": could not be written ("
              + e.getMessage()
              + "); free space or choose another folder, then run the same command to continue.",
          e);
    } catch (RuntimeException e) {
      discard(temporary, e);
      throw e;
    }
  }

  /// What went wrong first is what is told.
  private static void discard(Path temporary, Exception cause) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /// A name beside `file` that nobody can guess.
  public static Path temporary(Path file) {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    String unique = HexFormat.of().formatHex(random);
    return file.resolveSibling("." + file.getFileName() + "." + unique + ".part");
  }

  /// Whether a name is one of a file that was being written when a process was killed.
  public static boolean isTemporary(String name) {
    return TEMPORARY.matcher(name).matches();
  }
}
