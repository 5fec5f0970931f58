package dev.demur.lab.run;

import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Rows appended to a file one at a time, each synced to disk: what is in it survives a kill. A
/// last line cut short by one is dropped on opening. Only its owner may read it, since rows hold
/// what models wrote.
///
/// @param <T> the row's record
public final class Journal<T> implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;
  private final List<T> rows;
  private final JsonMapper json;

  private Journal(Path file, FileChannel channel, List<T> rows, JsonMapper json) {
    this.file = file;
    this.channel = channel;
    this.rows = rows;
    this.json = json;
  }

  static <T> Journal<T> open(Path file, Class<T> type, JsonMapper json) throws IOException {
    var rows = new ArrayList<T>();
    long whole = 0;
    if (Files.exists(file)) {
      byte[] bytes = RegularFile.bytes(file);
      int start = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] != '\n') {
          continue;
        }
        rows.add(
            parse(file, new String(bytes, start, i - start, StandardCharsets.UTF_8), type, json));
        start = i + 1;
      }
      whole = start;
    }
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Readers.OWNER.apply(file);
    channel.truncate(whole);
    channel.position(whole);
    return new Journal<>(file, channel, rows, json);
  }

  private static <T> T parse(Path file, String line, Class<T> type, JsonMapper json)
      throws IOException {
    try {
      return json.readValue(line, type);
    } catch (JacksonException e) {
      throw new IOException(
          file
              + ": holds a line that is no "
              + type.getSimpleName()
              + " this version wrote; delete it.",
          e);
    }
  }

  /// All rows so far, in the order they were appended.
  public synchronized List<T> rows() {
    return List.copyOf(rows);
  }

  /// Appends a row and waits until it is on disk.
  public synchronized void append(T row) throws IOException {
    var bytes =
        ByteBuffer.wrap((json.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8));
    long before = channel.position();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      channel.truncate(before);
      throw new IOException(
          file
              + ": could not be written ("
              + e.getMessage()
              + "); free space, then run the same"
              + " command to go on.",
          e);
    }
    rows.add(row);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
