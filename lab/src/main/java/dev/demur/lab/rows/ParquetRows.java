package dev.demur.lab.rows;

import dev.hardwood.HardwoodContext;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import tools.jackson.databind.node.JsonNodeFactory;

/// Rows of Apache Parquet, as data sets lie on the hub.
///
/// Hardwood reads the format.
final class ParquetRows {

  /// What there are decompressors for: the JDK's, and Snappy's. The hub's own files are Snappy.
  private static final Set<CompressionCodec> CODECS =
      EnumSet.of(CompressionCodec.UNCOMPRESSED, CompressionCodec.GZIP, CompressionCodec.SNAPPY);

  /// A kilobyte of a dictionary can stand for terabytes of text: a cell that says "the same again"
  /// costs no byte. No set of prompts is this long.
  private static final long MOST_CHARACTERS = 1L << 29;

  /// The same for rows without text.
  private static final int MOST_ROWS = 20_000_000;

  /// Pages are small beside what is done with their rows.
  private static final int THREADS = 1;

  static {
    // It tells at INFO which processor instructions it uses. Its own loggers keep this one alive.
    Logger.getLogger("dev.hardwood").setLevel(Level.WARNING);
  }

  private ParquetRows() {}

  static List<Row> list(Path file, byte[] bytes) throws IOException {
    try (var context = HardwoodContext.create(THREADS);
        var parquet = ParquetFileReader.open(new HeldBytes(ByteBuffer.wrap(bytes)), context)) {
      requireKnown(file, parquet);
      return rows(file, parquet);
    } catch (DataFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // A damaged length reaches the library as an index, a count or a size of any kind.
      throw new DataFormatException(file, problem(innermost(e)), e);
    }
  }

  private static void requireKnown(Path file, ParquetFileReader parquet) throws IOException {
    for (var group : parquet.getFileMetaData().rowGroups()) {
      for (var column : group.columns()) {
        var codec = Objects.requireNonNull(column.metaData().codec());
        if (!CODECS.contains(codec)) {
          throw new DataFormatException(
              file,
              "is compressed with "
                  + codec
                  + "; this version reads Parquet without compression, and with GZIP and SNAPPY."
                  + " Write it again with one of these.");
        }
        if (codec == CompressionCodec.SNAPPY) {
          SnappyLibrary.load(file);
        }
      }
    }
  }

  private static List<Row> rows(Path file, ParquetFileReader parquet) throws IOException {
    long expected = parquet.getFileMetaData().numRows();
    if (expected == 0) {
      return List.of();
    }
    try (var reader = parquet.rowReader()) {
      var rows = rows(file, reader);
      if (rows.size() != expected) {
        throw new IOException("it says " + expected + " rows and holds " + rows.size());
      }
      return rows;
    }
  }

  private static List<Row> rows(Path file, RowReader reader) throws DataFormatException {
    var rows = new ArrayList<Row>();
    long characters = 0;
    while (reader.hasNext()) {
      reader.next();
      String place = "row " + rows.size();
      var fields = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < reader.getFieldCount(); i++) {
        fields.set(reader.getFieldName(i), ParquetValues.json(reader.getValue(i)));
      }
      var row = JsonRows.row(file, place, fields);
      characters += row.fields().values().stream().mapToLong(String::length).sum();
      if (characters > MOST_CHARACTERS || rows.size() >= MOST_ROWS) {
        throw new DataFormatException(
            file,
            place,
            "more than 500 million characters or 20 million rows; give a part of the file.");
      }
      rows.add(row);
    }
    return rows;
  }

  private static Throwable innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String problem(Throwable cause) {
    String said =
        Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName())
            .lines()
            .findFirst()
            .orElse("");
    return switch (cause) {
      case OutOfMemoryError _ ->
          "takes more memory to unpack than there is (" + said + "); give a part of the file.";
      case NullPointerException _, IndexOutOfBoundsException _ ->
          "is not a whole Parquet file (its parts contradict each other); fetch it again.";
      default -> "is not a whole Parquet file (" + said + "); fetch it again.";
    };
  }
}
