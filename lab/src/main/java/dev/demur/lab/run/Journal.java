package dev.demur.lab.run;

import dev.demur.lab.Sha256;
import dev.demur.model.local.Readers;
import dev.demur.model.local.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Rows appended to a file one at a time. What was appended survives a kill of the process, because
/// the system has it; it is synced to disk at most once a second and on closing, so a power failure
/// may take the rows of the last second. A last line cut short is dropped on opening. Only its
/// owner may read it, since rows hold what models wrote.
///
/// A line is `{"sha256":"…","row":…}`. The checksum is of the one before and the row, the first of
/// the file's name, so that no row can be changed, moved, doubled, or taken from the middle.
///
/// @param <T> the row's record
final class Journal<T> implements AutoCloseable {

  private static final String HEAD = "{\"sha256\":\"";
  private static final String MIDDLE = "\",\"row\":";
  private static final String END = "}";

  /// A sync takes milliseconds, as long as many a row is computed.
  private static final Duration UNSYNCED = Duration.ofSeconds(1);

  private static final int HEX_DIGITS = 64;
  private static final int BEFORE_ROW = HEAD.length() + HEX_DIGITS + MIDDLE.length();

  private final RunFolder folder;
  private final Path file;
  private final FileChannel channel;
  private final Class<T> type;
  private final JsonMapper json;
  private final List<T> rows = new ArrayList<>();
  private final Pace syncing = new Pace(UNSYNCED, System::nanoTime);
  private String last;

  private Journal(
      RunFolder folder, Path file, FileChannel channel, Class<T> type, JsonMapper json) {
    this.folder = folder;
    this.file = file;
    this.channel = channel;
    this.type = type;
    this.json = json;
    this.last = Sha256.ofText(String.valueOf(file.getFileName()));
  }

  /// Opens a journal, making it when it is not there.
  ///
  /// @throws AlteredException if a line is not as it was written; the file is set aside, so that a
  ///   run that is started again makes its rows anew
  static <T> Journal<T> open(RunFolder folder, String name, Class<T> type, JsonMapper json)
      throws IOException {
    Path file = folder.file(name);
    boolean there = folder.has(name);
    var channel = there ? OwnFiles.open(file) : WholeFile.create(file, Readers.OWNER);
    var journal = new Journal<>(folder, file, channel, type, json);
    try {
      if (there) {
        channel.position(0).truncate(journal.take(folder.read(file)));
        channel.position(channel.size());
      }
      return journal;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Takes the rows that are there.
  ///
  /// @return how many bytes they are
  private int take(byte[] bytes) throws IOException {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        take(new String(bytes, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    if (!isCutShort(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8))) {
      throw folder.altered(file);
    }
    return start;
  }

  private void take(String line) throws IOException {
    String row =
        line.length() > BEFORE_ROW ? line.substring(BEFORE_ROW, line.length() - END.length()) : "";
    String check = Sha256.ofText(last + row);
    if (!line.equals(line(check, row))) {
      throw folder.altered(file);
    }
    try {
      rows.add(json.readValue(row, type));
    } catch (JacksonException _) { // of the right checksum, and no row for all that
      throw folder.altered(file);
    }
    last = check;
  }

  /// Whether what is left begins as a line does, or is the nothing that a power failure leaves.
  private static boolean isCutShort(String left) {
    return left.startsWith(HEAD)
        || HEAD.startsWith(left)
        || left.chars().allMatch(character -> character == 0);
  }

  private static String line(String check, String row) {
    return HEAD + check + MIDDLE + row + END;
  }

  /// All rows so far, in the order they were appended.
  synchronized List<T> rows() {
    return List.copyOf(rows);
  }

  /// Appends a row; it outlives this process from here on.
  synchronized void append(T row) throws IOException {
    String text = json.writeValueAsString(row);
    String check = Sha256.ofText(last + text);
    byte[] bytes = (line(check, text) + "\n").getBytes(StandardCharsets.UTF_8);
    long before = channel.position();
    try {
      OwnFiles.write(channel, ByteBuffer.wrap(bytes));
      if (syncing.isDue()) {
        channel.force(true);
      }
    } catch (IOException e) {
      channel.truncate(before);
      throw new IOException(
          file
              + ": could not be written ("
              + e.getMessage()
              + "); free space, then run the same command to continue.",
          e);
    }
    rows.add(row);
    last = check;
  }

  @Override
  public synchronized void close() throws IOException {
    try (channel) {
      channel.force(true);
    }
  }
}
