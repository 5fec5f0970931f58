package dev.demur.model.format;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// Some bytes of a file, read and not mapped: pages of a mapping would count as memory for as long
/// as the file is open.
///
/// @param file the file
/// @param start first byte
/// @param length how many
public record FileRange(Path file, long start, long length) implements ByteSink.Source {

  private static final long CHUNK = 16L << 20;

  FileRange part(long from, long count) {
    return new FileRange(file, start + from, count);
  }

  @Override
  public void writeTo(ByteSink sink) throws IOException {
    inPieces(CHUNK, (_, piece) -> sink.append(piece));
  }

  /// Takes one piece.
  @FunctionalInterface
  interface Piece {

    /// @param at offset of the piece in the range
    void take(long at, MemorySegment bytes) throws IOException;
  }

  /// Reads the range in pieces of `size` bytes, the last one perhaps shorter.
  void inPieces(long size, Piece piece) throws IOException {
    try (var arena = Arena.ofShared(); // blocks are decoded on all cores
        var channel = RegularFile.channel(file)) {
      var buffer = arena.allocate(Math.max(1, Math.min(size, length)));
      for (long at = 0; at < length; at += size) {
        var bytes = buffer.asSlice(0, Math.min(size, length - at));
        fill(channel, start + at, bytes.asByteBuffer());
        piece.take(at, bytes);
      }
    }
  }

  private void fill(FileChannel channel, long from, ByteBuffer bytes) throws IOException {
    long at = from;
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes, at);
      if (read < 0) {
        throw new ModelFormatException(
            file, at, "the file has become shorter while it was read; start again");
      }
      at += read;
    }
  }
}
