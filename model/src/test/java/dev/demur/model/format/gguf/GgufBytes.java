package dev.demur.model.format.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Builds GGUF files for tests, sound ones and lying ones.
public final class GgufBytes {

  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  int version = 3;
  long pairCount;
  long tensorCount;

  public GgufBytes pair(String key, String value) {
    return rawPair(key, 8, concat(u64(value.getBytes(StandardCharsets.UTF_8).length), value));
  }

  public GgufBytes pair(String key, int value) {
    return rawPair(key, 4, u32(value));
  }

  public GgufBytes pair(String key, float value) {
    return rawPair(key, 6, u32(Float.floatToIntBits(value)));
  }

  public GgufBytes pair(String key, boolean value) {
    return rawPair(key, 7, new byte[] {(byte) (value ? 1 : 0)});
  }

  public GgufBytes pair(String key, List<String> values) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(u32(8));
    out.writeBytes(u64(values.size()));
    values.forEach(
        value -> out.writeBytes(concat(u64(value.getBytes(StandardCharsets.UTF_8).length), value)));
    return rawPair(key, 9, out.toByteArray());
  }

  GgufBytes rawPair(String key, int type, byte[] value) {
    pairs.writeBytes(concat(u64(key.getBytes(StandardCharsets.UTF_8).length), key));
    pairs.writeBytes(u32(type));
    pairs.writeBytes(value);
    pairCount++;
    return this;
  }

  /// Appends a tensor and its bytes; the shape is outermost first.
  public GgufBytes tensor(String name, int type, byte[] bytes, long... shape) {
    while (data.size() % 32 != 0) {
      data.write(0);
    }
    long start = data.size();
    data.writeBytes(bytes);
    return rawTensor(name, type, start, shape);
  }

  public GgufBytes floats(String name, float[] values, long... shape) {
    var buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return tensor(name, 0, buffer.array(), shape);
  }

  GgufBytes rawTensor(String name, int type, long start, long... shape) {
    tensors.writeBytes(concat(u64(name.getBytes(StandardCharsets.UTF_8).length), name));
    tensors.writeBytes(u32(shape.length));
    for (int i = shape.length - 1; i >= 0; i--) {
      tensors.writeBytes(u64(shape[i]));
    }
    tensors.writeBytes(u32(type));
    tensors.writeBytes(u64(start));
    tensorCount++;
    return this;
  }

  public byte[] bytes() {
    var out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(u32(version));
    out.writeBytes(u64(tensorCount));
    out.writeBytes(u64(pairCount));
    out.writeBytes(pairs.toByteArray());
    out.writeBytes(tensors.toByteArray());
    while (out.size() % 32 != 0) {
      out.write(0);
    }
    out.writeBytes(data.toByteArray());
    return out.toByteArray();
  }

  public Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  static byte[] u32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  public static byte[] u64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  public static byte[] concat(byte[] head, String tail) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(head);
    out.writeBytes(tail.getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  public static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
