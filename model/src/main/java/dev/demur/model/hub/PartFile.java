package dev.demur.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/// A file that is not whole yet, with the checksum of what it holds so far. Changed by every call.
final class PartFile implements AutoCloseable {

  private static final int BUFFER = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final ContentHash.Kind kind;
  private final long size;
  private MessageDigest digest;
  private long position;

  /// Opens what an earlier transfer left, or an empty file.
  ///
  /// @param kind checksum to keep
  /// @param size bytes the whole file has, as git's checksum needs it; 0 where it does not
  PartFile(Path path, ContentHash.Kind kind, long size) throws IOException {
    this.path = path;
    this.kind = kind;
    this.size = size;
    this.digest = kind.begin(size);
    this.channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /// Takes what is there into the checksum, if it can be the beginning of the whole.
  void keep(long limit) throws IOException {
    if (channel.size() > limit) {
      restart();
      return;
    }
    var buffer = ByteBuffer.allocate(BUFFER);
    while (channel.read(buffer) >= 0) {
      position += buffer.position();
      digest.update(buffer.flip());
      buffer.clear();
    }
  }

  /// Bytes that are here.
  long position() {
    return position;
  }

  /// Adds bytes at the end.
  ///
  /// @throws HubException if they are more than `limit` in all
  void append(byte[] bytes, int count, long limit) throws IOException {
    if (count > limit - position) {
      throw new HubException(
          String.format(
              Locale.ROOT,
              "%s: more than the expected %,d bytes came; do not trust this server",
              path.getFileName(),
              limit));
    }
    var buffer = ByteBuffer.wrap(bytes, 0, count);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer, position + buffer.position());
      }
    } catch (IOException e) { // the disk's fault and not the line's: trying again does not help
      throw unwritable(e);
    }
    digest.update(bytes, 0, count);
    position += count;
  }

  /// Drops everything.
  void restart() throws IOException {
    channel.truncate(0);
    position = 0;
    digest = kind.begin(size);
  }

  /// The checksum of everything here; the file takes no more after this.
  ContentHash finish() throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw unwritable(e);
    }
    return new ContentHash(kind, HexFormat.of().formatHex(digest.digest()));
  }

  private HubException unwritable(IOException e) {
    return new HubException(
        path
            + ": could not be written ("
            + e.getMessage()
            + "); free space, then run the same command to continue",
        e);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
