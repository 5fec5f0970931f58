package dev.demur.model.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Scoped;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Scoped
class StoredRowsTest {

  /// More than one block, and more than one core's share of a block.
  private static final long ROWS = StoredRows.BLOCK_ELEMENTS / 1024 + 100;

  @TempDir Path folder;

  @Test
  void aMatrixOfSeveralBlocksIsReadInOrderAndWrittenBackUnchanged() throws IOException {
    Path file = folder.resolve("matrix.safetensors");
    var row = Tensor.gaussian(new Random(1), 1024).to(DType.BF16);
    var matrix = row.unsqueeze(0).expand(ROWS, 1024).contiguous();
    try (var writer = SafetensorsWriter.create(file)) {
      writer.write("matrix", matrix);
      writer.finish();
    }
    try (var stored = Safetensors.open(file)) {
      var rows = stored.matrices("matrix").getFirst();
      long[] next = {0};
      rows.read(
          (first, block) -> {
            assertThat(first).isEqualTo(next[0]);
            next[0] += block.dim(0);
          });
      assertThat(next[0]).isEqualTo(ROWS);
      var out = new ByteArrayOutputStream();
      rows.rewrite(
          (_, block) -> block, bytes -> out.writeBytes(bytes.toArray(ValueLayout.JAVA_BYTE)));
      assertThat(out.toByteArray())
          .isEqualTo(stored.bytes("matrix").toArray(ValueLayout.JAVA_BYTE));
    }
  }
}
