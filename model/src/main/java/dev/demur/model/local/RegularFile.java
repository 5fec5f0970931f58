package dev.demur.model.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/// The one way files are read: regular ones only.
///
/// A named pipe waits for a writer that may never come, and a device such as `/dev/zero` has no
/// end; both can lie in a folder from a stranger under the name of a file one expects.
public final class RegularFile {

  /// What POSIX systems say where a file stands in place of a folder above.
  private static final String NO_FOLDER = "Not a directory";

  private RegularFile() {}

  /// The path itself, if nothing is there or what is there is a file or a folder.
  ///
  /// @throws IOException if it is a pipe, a socket or a device
  public static Path of(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
      throw new IOException(
          path
              + ": is a pipe, a socket or a device, expected a regular file; write what it gives"
              + " into one and name that");
    }
    return path;
  }

  /// Whether something is there.
  ///
  /// @throws IOException if it cannot be told: what cannot be looked at is not the same as nothing,
  ///   or a model would be read without its template
  public static boolean isThere(Path path, LinkOption... links) throws IOException {
    return attributes(path, links).isPresent();
  }

  /// Whether a regular file is there, or a link to one.
  ///
  /// @throws IOException if it cannot be told
  public static boolean isFile(Path path) throws IOException {
    return attributes(path).filter(BasicFileAttributes::isRegularFile).isPresent();
  }

  private static Optional<BasicFileAttributes> attributes(Path path, LinkOption... links)
      throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, links));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (FileSystemException e) {
      if (String.valueOf(e.getReason()).equals(NO_FOLDER)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// All bytes.
  public static byte[] bytes(Path path) throws IOException {
    return Files.readAllBytes(of(path));
  }

  /// All text.
  ///
  /// @throws NotUtf8Exception if it is not UTF-8
  public static String text(Path path) throws IOException {
    try {
      return Files.readString(of(path));
    } catch (CharacterCodingException e) {
      throw new NotUtf8Exception(path, e);
    }
  }

  /// All lines.
  ///
  /// @throws NotUtf8Exception if it is not UTF-8
  public static List<String> lines(Path path) throws IOException {
    return text(path).lines().toList();
  }

  /// The bytes one after the other; the caller closes it.
  public static InputStream stream(Path path) throws IOException {
    return Files.newInputStream(of(path));
  }

  /// The bytes at any place, to be read only; the caller closes it.
  public static FileChannel channel(Path path) throws IOException {
    return FileChannel.open(of(path), StandardOpenOption.READ);
  }
}
