package dev.demur.model.format.safetensors;

import static java.util.Objects.requireNonNull;

import dev.demur.model.format.BoundedJson;
import dev.demur.model.format.ByteSink;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.local.WholeFile;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Writes a safetensors file, one tensor after another, without holding them in memory.
///
/// Everything goes to a temporary file beside the target; [#finish] syncs it to disk and renames it
/// in one step. Closed without `finish`, nothing is left behind. In the file, tensors stand in
/// order of falling element size, so that each is aligned.
///
/// ```java
/// try (var writer = SafetensorsWriter.create(path)) {
///   writer.metadata("tool", "demur");
///   writer.write("direction", unit);
///   writer.finish();
/// }
/// ```
public final class SafetensorsWriter implements AutoCloseable {

  private static final int LENGTH_BYTES = 8;

  /// What the header takes per tensor, generously.
  private static final int HEADER_BYTES_PER_TENSOR = 256;

  /// One buffer handed to the channel; a buffer cannot exceed 2 GB.
  private static final long CHUNK = 64L << 20;

  private final Path target;
  private final long reserved;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Placed> tensors = new LinkedHashMap<>();
  private Path part;
  private FileChannel channel;
  private long position;
  private boolean finished;

  /// A tensor and where its bytes lie in the temporary file.
  private record Placed(TensorInfo info, long offset) {

    int alignment() {
      return SafetensorsHeader.elementBytes(info.type());
    }

    boolean aligned() {
      return offset % alignment() == 0;
    }
  }

  private SafetensorsWriter(Path target, long reserved) throws IOException {
    this.target = target;
    this.reserved = reserved;
    this.part = partFile();
    this.channel = openNew(part);
    this.position = reserved;
  }

  /// Starts a file whose number of tensors is not known yet; finishing copies the data once.
  ///
  /// @throws IOException if the folder is missing or cannot be written to
  public static SafetensorsWriter create(Path target) throws IOException {
    return new SafetensorsWriter(target.toAbsolutePath(), 0);
  }

  /// Starts a file of about so many tensors: room is kept for the header, and finishing copies
  /// nothing, if tensors are written in order of falling element size.
  ///
  /// @throws IOException if the folder is missing or cannot be written to
  public static SafetensorsWriter create(Path target, int tensors) throws IOException {
    if (tensors < 0) {
      throw new IllegalArgumentException("tensors must be >= 0, was " + tensors);
    }
    return new SafetensorsWriter(
        target.toAbsolutePath(), LENGTH_BYTES + 1024L + (long) HEADER_BYTES_PER_TENSOR * tensors);
  }

  private Path partFile() throws IOException {
    Path folder = requireNonNull(target.getParent(), "folder");
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + ": no such folder to write into; create it first");
    }
    return WholeFile.temporary(target);
  }

  private static FileChannel openNew(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /// Sets one pair of `__metadata__`; the last value of a key counts.
  public void metadata(String key, String value) {
    metadata.put(requireNonNull(key, "key"), requireNonNull(value, "value"));
  }

  /// Appends a tensor in the type it has.
  ///
  /// @throws IllegalArgumentException if the name was written before
  public void write(String name, Tensor tensor) throws IOException {
    var whole = tensor.on(Device.CPU).contiguous();
    long bytes = whole.elements() * whole.dtype().bytes();
    write(
        new TensorInfo(name, whole.dtype().safetensorsName(), whole.shape(), bytes),
        whole.segment());
  }

  /// Appends a tensor's bytes: little-endian, row-major.
  ///
  /// @throws IllegalArgumentException if the name was written before, or the type, shape and number
  ///   of bytes do not agree
  public void write(TensorInfo info, MemorySegment bytes) throws IOException {
    write(info, sink -> sink.append(bytes));
  }

  /// Appends a tensor whose bytes come piece by piece: little-endian, row-major.
  ///
  /// @throws IllegalArgumentException if the name was written before, or the type, shape and number
  ///   of bytes do not agree
  public void write(TensorInfo info, ByteSink.Source source) throws IOException {
    if (info.name().equals(SafetensorsHeader.METADATA) || tensors.containsKey(info.name())) {
      throw new IllegalArgumentException("tensor \"" + info.name() + "\" is already in the file");
    }
    long expected =
        info.elements() * SafetensorsHeader.bits(info.type()).orElseThrow(() -> unknown(info)) / 8;
    long start = position;
    if (info.bytes() == expected) {
      source.writeTo(this::append);
    }
    if (info.bytes() != expected || position - start != expected) {
      throw new IllegalArgumentException(
          info + " takes " + expected + " bytes, got " + (position - start));
    }
    tensors.put(info.name(), new Placed(info, start));
  }

  private void append(MemorySegment bytes) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      append(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
    }
  }

  private static IllegalArgumentException unknown(TensorInfo info) {
    return new IllegalArgumentException(info.type() + " is not a safetensors type");
  }

  private void append(ByteBuffer buffer) throws IOException {
    try {
      while (buffer.hasRemaining()) {
        position += channel.write(buffer, position);
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /// Writes the header, syncs the file to disk and gives it its name.
  public void finish() throws IOException {
    if (finished) {
      throw new IllegalStateException(target + " is already finished");
    }
    byte[] header = header(tensors.values());
    if (header.length > Safetensors.MAX_HEADER_BYTES) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: its names and metadata take %,d bytes, readers of safetensors take at most %,d;"
                  + " write less into one file",
              target,
              header.length,
              Safetensors.MAX_HEADER_BYTES));
    }
    if (LENGTH_BYTES + header.length <= reserved
        && tensors.values().stream().allMatch(Placed::aligned)) {
      writeHeader(header, reserved - LENGTH_BYTES);
    } else {
      rewrite();
    }
    try {
      channel.force(true);
      channel.close();
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    finished = true;
  }

  /// Copies the data behind a header of the right length, in order of falling element size.
  private void rewrite() throws IOException {
    var inOrder = new ArrayList<>(tensors.values());
    inOrder.sort(Comparator.comparingInt(Placed::alignment).reversed());
    Path data = part;
    try (var from = channel) {
      part = partFile();
      channel = openNew(part);
      byte[] header = header(inOrder);
      long padded = (header.length + 7L) / 8 * 8;
      writeHeader(header, padded);
      position = LENGTH_BYTES + padded;
      for (var tensor : inOrder) {
        transfer(from, tensor);
      }
    } finally {
      Files.deleteIfExists(data);
    }
  }

  private void transfer(FileChannel from, Placed tensor) throws IOException {
    try {
      channel.position(position);
      long done = 0;
      while (done < tensor.info().bytes()) {
        done += from.transferTo(tensor.offset() + done, tensor.info().bytes() - done, channel);
      }
      position += done;
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /// Writes the length and the header, filled up with spaces.
  private void writeHeader(byte[] json, long length) throws IOException {
    var buffer = ByteBuffer.allocate(Math.toIntExact(LENGTH_BYTES + length));
    buffer.order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(json);
    while (buffer.hasRemaining()) {
      buffer.put((byte) ' ');
    }
    position = 0;
    append(buffer.flip());
  }

  private byte[] header(Collection<Placed> inOrder) {
    ObjectNode header = BoundedJson.emptyObject();
    if (!metadata.isEmpty()) {
      var pairs = header.putObject(SafetensorsHeader.METADATA);
      metadata.forEach(pairs::put);
    }
    long start = 0;
    for (var tensor : inOrder) {
      var info = tensor.info();
      var entry = header.putObject(info.name());
      entry.put("dtype", info.type());
      var shape = entry.putArray("shape");
      info.shape().forEach(shape::add);
      long end = start + info.bytes();
      List.of(start, end).forEach(entry.putArray("data_offsets")::add);
      start = end;
    }
    return header.toString().getBytes(StandardCharsets.UTF_8);
  }

  private IOException cannotWrite(IOException e) {
    return new IOException(
        target + ": cannot write: " + e.getMessage() + "; free some space or choose another folder",
        e);
  }

  /// Removes the temporary file, unless [#finish] has turned it into the target.
  @Override
  public void close() throws IOException {
    if (!finished) {
      channel.close();
      Files.deleteIfExists(part);
    }
  }
}
