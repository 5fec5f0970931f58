package dev.demur.lab.edit;

import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.gguf.Gguf;
import dev.demur.model.format.gguf.GgufWriter;
import dev.demur.model.format.quant.GgmlType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// GGUF files with a tensor of another type.
final class QuantisedFiles {

  private QuantisedFiles() {}

  /// A writer that is turned into Q4_1, and a tensor of that type that no edit touches.
  static final String EDITED = "blk.0.attn_output.weight";

  static final String UNTOUCHED = "blk.0.attn_q.weight";

  private static final int BLOCK = 32;

  /// A copy in which two tensors are stored as Q4_1, a type that is read but not written.
  static void withQ41(Path source, Path out) throws IOException {
    try (var file = Gguf.open(source)) {
      var writer = new GgufWriter().pairsOf(file);
      for (String name : file.names()) {
        var info = file.info(name);
        if (!name.equals(EDITED) && !name.equals(UNTOUCHED)) {
          writer.tensor(info, file.source(name));
          continue;
        }
        long bytes = info.elements() / BLOCK * GgmlType.Q4_1.blockBytes();
        writer.tensor(
            new TensorInfo(name, "Q4_1", info.shape(), bytes),
            sink ->
                file.matrices(name)
                    .getFirst()
                    .read((_, rows) -> sink.append(MemorySegment.ofArray(q41(rows.toFloats())))));
      }
      writer.write(out);
    }
  }

  /// Sixteen steps between the smallest and the largest of a block.
  private static byte[] q41(float[] values) {
    var bytes = ByteBuffer.allocate(values.length / BLOCK * 20).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += BLOCK) {
      float least = Float.POSITIVE_INFINITY;
      float most = Float.NEGATIVE_INFINITY;
      for (int i = from; i < from + BLOCK; i++) {
        least = Math.min(least, values[i]);
        most = Math.max(most, values[i]);
      }
      float step = (most - least) / 15;
      bytes.putShort(Float.floatToFloat16(step)).putShort(Float.floatToFloat16(least));
      for (int i = from; i < from + BLOCK / 2; i++) {
        int low = Math.round((values[i] - least) / step);
        bytes.put((byte) (low | Math.round((values[i + BLOCK / 2] - least) / step) << 4));
      }
    }
    return bytes.array();
  }

  /// A copy in which one tensor has another type and only zero bytes.
  static void withType(Path source, String tensor, String type, Path out) throws IOException {
    try (var file = Gguf.open(source)) {
      var writer = new GgufWriter().pairsOf(file);
      for (String name : file.names()) {
        var info = file.info(name);
        if (!name.equals(tensor)) {
          writer.tensor(info, file.source(name));
          continue;
        }
        var ggml = GgmlType.valueOf(type);
        long bytes = info.elements() / ggml.blockElements() * ggml.blockBytes();
        writer.tensor(
            new TensorInfo(name, type, info.shape(), bytes),
            sink -> sink.append(MemorySegment.ofArray(new byte[(int) bytes])));
      }
      writer.write(out);
    }
  }
}
