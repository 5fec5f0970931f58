package dev.demur.app.faults;

import dev.demur.app.faults.Faults.Effect;
import dev.demur.app.faults.Faults.Operation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/// An open file of the disk that fails.
final class FailingChannel extends FileChannel {

  private static final int CHUNK = 1 << 16;

  private final Path path;
  private final FileChannel real;

  FailingChannel(Path path, FileChannel real) {
    this.path = path;
    this.real = real;
  }

  /// Reads or writes a buffer.
  @FunctionalInterface
  private interface Transfer {
    int of(ByteBuffer buffer) throws IOException;
  }

  private int read(ByteBuffer into, Transfer transfer) throws IOException {
    return switch (Faults.next(Operation.READ, path)) {
      case DONE -> transfer.of(into);
      case HALF_DONE -> half(into, transfer);
      case FAILS -> throw new IOException("Input/output error");
      case HALF_DONE_THEN_KILLED -> {
        Faults.kill();
        yield -1;
      }
    };
  }

  private int write(ByteBuffer from, Transfer transfer) throws IOException {
    var effect = Faults.next(Operation.WRITE, path);
    if (effect == Effect.DONE) {
      return transfer.of(from);
    }
    if (effect != Effect.FAILS) {
      half(from, transfer);
    }
    if (effect == Effect.HALF_DONE_THEN_KILLED) {
      Faults.kill();
    }
    throw new IOException("No space left on device");
  }

  private static int half(ByteBuffer buffer, Transfer transfer) throws IOException {
    int limit = buffer.limit();
    buffer.limit(buffer.position() + (buffer.remaining() + 1) / 2);
    try {
      return transfer.of(buffer);
    } finally {
      buffer.limit(limit);
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return read(into, real::read);
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    return read(into, buffer -> real.read(buffer, position));
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (into[i].hasRemaining()) {
        return read(into[i]);
      }
    }
    return 0;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return write(from, real::write);
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    return write(from, buffer -> real.write(buffer, position));
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (from[i].hasRemaining()) {
        return write(from[i]);
      }
    }
    return 0;
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    Faults.pass(Operation.CUT, path);
    real.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    Faults.pass(Operation.SYNC, path);
    real.force(metadata);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    var buffer = ByteBuffer.allocate((int) Math.min(CHUNK, count));
    int read = read(buffer, position);
    buffer.flip();
    long written = 0;
    while (buffer.hasRemaining()) {
      written += target.write(buffer);
    }
    return read < 0 ? 0 : written;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    var buffer = ByteBuffer.allocate((int) Math.min(CHUNK, count));
    source.read(buffer);
    buffer.flip();
    long written = 0;
    while (buffer.hasRemaining()) {
      written += write(buffer, position + written);
    }
    return written;
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    Faults.pass(Operation.MAP, path);
    return real.map(mode, position, size);
  }

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    Faults.pass(Operation.MAP, path);
    return real.map(mode, offset, size, arena);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    Faults.pass(Operation.OPEN, path);
    return real.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    Faults.pass(Operation.OPEN, path);
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }
}
