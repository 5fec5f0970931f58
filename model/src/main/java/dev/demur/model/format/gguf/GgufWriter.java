package dev.demur.model.format.gguf;

import dev.demur.model.format.ByteSink;
import dev.demur.model.format.FileRange;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.quant.GgmlType;
import dev.demur.model.local.Readers;
import dev.demur.model.local.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// Writes a GGUF file (version 3): pairs and tensors are named first, [#write] then writes all of
/// them to a temporary file, syncs it and gives it its name.
///
/// Source: the format's definition, <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
public final class GgufWriter {

  private static final int VERSION = 3;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int UINT32 = 4;
  private static final int STRING = 8;

  /// Numbers up to 8 bytes.
  private static final int NUMBER = 8;

  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final Map<String, Content> tensors = new LinkedHashMap<>();
  private final Map<String, FileRange> kept = new LinkedHashMap<>();
  private long alignment = DEFAULT_ALIGNMENT;
  private long pairCount;

  private record Content(TensorInfo info, ByteSink.Source source) {}

  /// Takes over all pairs of another file, byte for byte.
  public GgufWriter pairsOf(Gguf file) {
    return pairsOf(file, _ -> true);
  }

  /// Takes over some pairs of another file, byte for byte.
  ///
  /// @param wanted which, by their keys
  public GgufWriter pairsOf(Gguf file, Predicate<String> wanted) {
    alignment = file.alignment();
    file.metadata().values().keySet().stream()
        .filter(wanted)
        .forEach(key -> kept.put(key, file.pair(key)));
    return this;
  }

  /// Adds a pair; its key must be new.
  public GgufWriter text(String key, String value) {
    pair(key, STRING);
    string(pairs, value);
    return this;
  }

  /// Adds a pair that holds a whole number from 0 to 2³² − 1; its key must be new.
  public GgufWriter number(String key, long value) {
    pair(key, UINT32);
    little(pairs, value, 4);
    return this;
  }

  private void pair(String key, int type) {
    if (kept.containsKey(key)) {
      throw new IllegalArgumentException("metadata key " + key + " is already in the file");
    }
    string(pairs, key);
    little(pairs, type, 4);
    pairCount++;
  }

  /// Adds a tensor.
  ///
  /// @param info name, ggml type, shape outermost first, length
  /// @throws IllegalArgumentException if the name is already there
  public GgufWriter tensor(TensorInfo info, ByteSink.Source source) {
    if (tensors.put(info.name(), new Content(info, source)) != null) {
      throw new IllegalArgumentException("tensor \"" + info.name() + "\" is already in the file");
    }
    return this;
  }

  /// Writes the file, whole or not at all.
  ///
  /// @throws IOException if it cannot be written
  public void write(Path target) throws IOException {
    WholeFile.write(
        target.toAbsolutePath(),
        part -> {
          try (var channel = WholeFile.create(part, Readers.AS_USUAL)) {
            writeTo(channel);
          }
        },
        Readers.AS_USUAL);
  }

  private void writeTo(FileChannel channel) throws IOException {
    var out = new Counted(channel);
    var start = new ByteArrayOutputStream();
    little(start, GgufHeader.MAGIC, 4);
    little(start, VERSION, 4);
    little(start, tensors.size(), NUMBER);
    little(start, pairCount + kept.size(), NUMBER);
    out.append(bytes(start));
    for (var pair : kept.values()) {
      pair.writeTo(out);
    }
    out.append(bytes(pairs));
    out.append(bytes(descriptions()));
    out.pad(alignment);
    for (var content : tensors.values()) {
      long before = out.count;
      content.source.writeTo(out);
      if (out.count - before != content.info.bytes()) {
        throw new IllegalArgumentException(
            content.info + " was given " + (out.count - before) + " bytes");
      }
      out.pad(alignment);
    }
  }

  private ByteArrayOutputStream descriptions() {
    var text = new ByteArrayOutputStream();
    long offset = 0;
    for (var content : tensors.values()) {
      var info = content.info;
      string(text, info.name());
      little(text, info.shape().size(), 4);
      info.shape().reversed().forEach(extent -> little(text, extent, NUMBER));
      little(text, GgmlType.valueOf(info.type()).number(), 4);
      little(text, offset, NUMBER);
      offset += (info.bytes() + alignment - 1) / alignment * alignment;
    }
    return text;
  }

  private static MemorySegment bytes(ByteArrayOutputStream stream) {
    return MemorySegment.ofArray(stream.toByteArray());
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    little(out, utf8.length, NUMBER);
    out.writeBytes(utf8);
  }

  private static void little(ByteArrayOutputStream out, long value, int bytes) {
    byte[] all = ByteBuffer.allocate(NUMBER).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(all, 0, bytes);
  }

  /// Appends to a channel and knows how much it has.
  private static final class Counted implements ByteSink {
    private final FileChannel channel;
    private long count;

    Counted(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void append(MemorySegment bytes) throws IOException {
      var buffer = bytes.asByteBuffer();
      while (buffer.hasRemaining()) {
        count += channel.write(buffer);
      }
    }

    void pad(long alignment) throws IOException {
      int missing = Math.toIntExact((alignment - count % alignment) % alignment);
      append(MemorySegment.ofArray(new byte[missing]));
    }
  }
}
