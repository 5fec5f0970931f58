package dev.demur.lab.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// What a run folder asks of the file system. Tests put one in between whose n-th operation fails.
public interface Disk {

  /// The file system.
  static Disk usual() {
    return OwnFiles.DISK;
  }

  /// Makes a file that is not there yet, to be read and written; the caller closes it.
  ///
  /// @param readers set before the first byte is there
  FileChannel create(Path file, Readers readers) throws IOException;

  /// Opens a file that is there, to be read and written; the caller closes it.
  ///
  /// @throws IOException if it is a link, no regular file, or a file under several names
  FileChannel open(Path file) throws IOException;

  /// Opens a file that is there, to be read; the caller closes it.
  ///
  /// @throws IOException if it is a link or no regular file
  FileChannel openToRead(Path file) throws IOException;

  /// Reads the next bytes; the number read, or −1 at the end.
  int read(FileChannel channel, ByteBuffer into) throws IOException;

  /// Writes all that remains in the buffer.
  void write(FileChannel channel, ByteBuffer bytes) throws IOException;

  /// Waits until all that was written is on the disk.
  void sync(FileChannel channel) throws IOException;

  /// Gives a file another name, in one step, in place of what has that name.
  void rename(Path from, Path to) throws IOException;
}
