package dev.demur.lab.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// The files of a run folder that may be a stranger's: no link is followed and no pipe opened.
final class OwnFiles {

  private OwnFiles() {}

  /// Opens a file that is there, to be read and written; the caller closes it.
  ///
  /// @throws IOException if it is a link, no regular file, or a file under several names
  static FileChannel open(Path file) throws IOException {
    requireRegular(file);
    if (names(file) > 1) {
      throw new IOException(
          file
              + ": is a file under several names (hard links); writing here would change the"
              + " others. Delete it, or copy it.");
    }
    return FileChannel.open(
        file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  /// Opens a file that is there, to be read; the caller closes it.
  ///
  /// @throws IOException if it is a link or no regular file
  static FileChannel openToRead(Path file) throws IOException {
    requireRegular(file);
    return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /// Writes all that remains in the buffer.
  static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void requireRegular(Path file) throws IOException {
    var attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      throw new IOException(
          file + ": is a symbolic link, and links in run folders are not followed. Delete it.");
    }
    if (!attributes.isRegularFile()) {
      throw new IOException(
          file + ": is not a regular file; expected one that a run has written. Delete it.");
    }
  }

  /// How many names the file has, where the file system says so.
  private static int names(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix")
            && Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                instanceof Integer n
        ? n
        : 1;
  }
}
