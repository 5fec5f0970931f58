package dev.demur.model.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The one way files are read: regular ones only.
///
/// A named pipe waits for a writer that may never come, and a device such as `/dev/zero` has no
/// end; both can lie in a folder from a stranger under the name of a file one expects.
public final class RegularFile {

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
