package dev.demur.lab.run;

import dev.demur.lab.Sha256;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The folder of one run: finished values and the rows of unfinished work, so that a run that was
/// stopped goes on where it was.
///
/// A value is found again by the hash of all it depends on, never by "the file exists": a run with
/// other settings in the same folder computes anew and mixes nothing. One process at a time.
public final class RunStore implements AutoCloseable {

  /// Part of every key; raised when the meaning of a stored value changes.
  private static final int FORMAT = 4;

  private static final int KEY_DIGITS = 16;

  private final Path folder;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final JsonMapper json = JsonMapper.shared();

  private RunStore(Path folder, FileChannel lockFile, FileLock lock) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /// Opens a run folder, making it when it is not there.
  ///
  /// @throws IOException if another process is at work in it, or it cannot be written
  public static RunStore at(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("stages"));
    Path path = folder.resolve(".lock");
    var channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var lock = lock(channel);
    if (lock == null) {
      String holder = RegularFile.text(path).strip();
      channel.close();
      throw new IOException(
          folder
              + ": another study is at work in this run folder"
              + (holder.isEmpty() ? "" : " (" + holder + ")")
              + "; wait for it or choose another folder.");
    }
    channel.truncate(0);
    channel.write(StandardCharsets.UTF_8.encode("process " + ProcessHandle.current().pid()), 0);
    return new RunStore(folder, channel, lock);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) { // held by this very process
      return null;
    }
  }

  /// The folder.
  public Path folder() {
    return folder;
  }

  /// A value that is computed once.
  ///
  /// @param stage name of the stage
  /// @param key all the value depends on, writable as JSON
  /// @param type the value's record
  public <T> T value(String stage, Object key, Class<T> type, Computation<T> computation)
      throws IOException {
    Path file = path(stage, key, ".json");
    if (Files.exists(file)) {
      try {
        return json.readValue(RegularFile.bytes(file), type);
      } catch (JacksonException e) {
        throw new IOException(
            file + ": is not a " + type.getSimpleName() + " this version wrote; delete it.", e);
      }
    }
    var value = computation.compute();
    WholeFile.write(file, json.writeValueAsBytes(value));
    return value;
  }

  /// Rows of work that is done piece by piece.
  ///
  /// @param stage name of the stage
  /// @param key all the rows depend on, writable as JSON
  /// @param type the row's record
  public <T> Journal<T> journal(String stage, Object key, Class<T> type) throws IOException {
    return Journal.open(path(stage, key, ".jsonl"), type, json);
  }

  /// Where a stage keeps what depends on `key`.
  public Path path(String stage, Object key, String extension) {
    String hash = Sha256.ofText(FORMAT + stage + json.writeValueAsString(key));
    return folder
        .resolve("stages")
        .resolve(stage + "-" + hash.substring(0, KEY_DIGITS) + extension);
  }

  /// Adds time a stage took in this process.
  public void spent(StageTiming timing) throws IOException {
    try (var journal = journal("timings", "all", StageTiming.class)) {
      journal.append(timing);
    }
  }

  /// Time every stage took, summed over interruptions, in order of first appearance.
  public List<StageTiming> timings() throws IOException {
    var sums = new LinkedHashMap<String, StageTiming>();
    try (var journal = journal("timings", "all", StageTiming.class)) {
      for (var row : journal.rows()) {
        sums.merge(
            row.stage(),
            row,
            (a, b) ->
                new StageTiming(a.stage(), a.seconds() + b.seconds(), a.tokens() + b.tokens()));
      }
    }
    return List.copyOf(sums.values());
  }

  @Override
  public void close() throws IOException {
    lock.release();
    lockFile.close();
  }

  /// Computes a value that is not there yet.
  @FunctionalInterface
  public interface Computation<T> {
    T compute() throws IOException;
  }
}
