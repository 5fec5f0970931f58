package dev.demur.lab.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/// The file system, as a run folder that may be a stranger's is used: no link in it is followed and
/// no pipe opened.
enum OwnFiles implements Disk {
  DISK;

  @Override
  public FileChannel create(Path file, Readers readers) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        readers.attributes(file));
  }

  @Override
  public FileChannel open(Path file) throws IOException {
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

  @Override
  public FileChannel openToRead(Path file) throws IOException {
    requireRegular(file);
    return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public int read(FileChannel channel, ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void sync(FileChannel channel) throws IOException {
    channel.force(true);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
          file + ": is no regular file; expected one that a run has written. Delete it.");
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
