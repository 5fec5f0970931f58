package dev.demur.lab.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that pyarrow wrote (tools/golden/parquet_files.py), and what is left of them when bytes
/// change.
class ParquetRowsTest {

  private static final Path HUB = Path.of("src/test/resources/golden/benchmark/hub");

  /// A page that said it was longer than its column made the library read without end: with this
  /// seed the third file did.
  private static final int DAMAGED = 60;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"kinds.parquet", "kinds-gzip.parquet", "kinds-none.parquet"})
  void theRowsAreThoseOfTheSameTableInJsonLines(String name) throws IOException {
    var lines = Rows.read(HUB.resolve("kinds.jsonl")).rows();
    var rows = Rows.read(HUB.resolve(name)).rows();
    assertThat(rows).extracting(Row::fields).isEqualTo(lines.stream().map(Row::fields).toList());
    assertThat(rows).extracting(Row::place).isEqualTo(List.of("row 0", "row 1", "row 2"));
  }

  @Test
  void anUnknownCompressionIsNamed() {
    assertThatThrownBy(() -> Rows.read(HUB.resolve("kinds-zstd.parquet")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("compressed with ZSTD; this version reads");
  }

  @Test
  @Timeout(60)
  void aDamagedFileIsReadOrRefusedInOneLine() throws IOException {
    byte[] whole = Files.readAllBytes(HUB.resolve("kinds.parquet"));
    var random = new Random(22);
    Path file = folder.resolve("damaged.parquet");
    int refused = 0;
    for (int i = 0; i < DAMAGED; i++) {
      byte[] bytes = whole.clone();
      for (int change = 0; change < 2; change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(file, i % 10 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
      try {
        assertThat(Rows.read(file).rows()).hasSize(3);
      } catch (DataFormatException e) {
        assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isBetween(DAMAGED / 4, DAMAGED);
  }

  @Test
  void whatIsNotParquetIsSaidSo() throws IOException {
    Path file = Files.writeString(folder.resolve("page.parquet"), "<html>Not found</html>");
    assertThatExceptionOfType(DataFormatException.class)
        .isThrownBy(() -> Rows.read(file))
        .withMessageContaining("is not a whole Parquet file");
  }
}
