package dev.demur.lab.run;

import dev.demur.lab.Sha256;
import dev.demur.model.local.Readers;
import dev.demur.model.local.WholeFile;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The run folder while one process works in it: does stages, or finds what they have left.
///
/// An output is found again by the hash of all it depends on, never by "the file exists": a run
/// with other settings in the same folder computes anew and mixes nothing. An output that is not as
/// it was written is refused.
public final class RunStore implements AutoCloseable {

  /// Part of every key; raised when the meaning of all stored outputs changes.
  private static final int FORMAT = 5;

  private static final int KEY_DIGITS = 16;

  private static final String LOCK = ".lock";

  private static final String COMPUTED_ON = RunFolder.STAGES + "/computed-on.jsonl";

  private static final System.Logger LOG = System.getLogger(RunStore.class.getName());

  private final RunFolder folder;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final JsonMapper json = JsonMapper.shared();

  private RunStore(RunFolder folder, FileChannel lockFile, FileLock lock) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /// Opens a run folder, making it when it is not there.
  ///
  /// @throws IOException if another process is at work in it, or it cannot be written
  public static RunStore at(Path folder) throws IOException {
    return at(RunFolder.at(folder));
  }

  private static RunStore at(RunFolder folder) throws IOException {
    folder.make(RunFolder.STAGES, Readers.OWNER);
    var channel =
        folder.has(LOCK)
            ? OwnFiles.open(folder.file(LOCK))
            : WholeFile.create(folder.file(LOCK), Readers.AS_USUAL);
    try {
      var lock = lock(channel);
      if (lock == null) {
        throw new IOException(inUse(folder));
      }
      channel.truncate(0);
      var holder = StandardCharsets.UTF_8.encode("process " + ProcessHandle.current().pid());
      OwnFiles.write(channel, holder);
      folder.sweep();
      return new RunStore(folder, channel, lock);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) { // held by this very process
      return null;
    }
  }

  private static String inUse(RunFolder folder) throws IOException {
    String holder = new String(folder.read(LOCK), StandardCharsets.UTF_8).strip();
    return folder.path()
        + ": another study is at work in this run folder"
        + (holder.isEmpty() ? "" : " (" + holder + ")")
        + "; wait for it or choose another folder.";
  }

  /// The folder.
  public RunFolder folder() {
    return folder;
  }

  /// Says what will compute the numbers of this run. What others computed stays in the folder, and
  /// counts as not done.
  ///
  /// @return what computed those that earlier runs left
  public List<ComputedOn> computing(ComputedOn here) throws IOException {
    try (var journal = Journal.open(folder, COMPUTED_ON, ComputedOn.class, json)) {
      var others = journal.rows().stream().filter(one -> !one.equals(here)).distinct().toList();
      if (!others.isEmpty()) {
        LOG.log(
            Level.WARNING,
            "{0} keeps results of {1}; this run computes on {2} and takes none of them",
            folder.path(),
            others.stream().map(ComputedOn::toString).collect(Collectors.joining(" and of ")),
            here);
      }
      if (!journal.rows().contains(here)) {
        journal.append(here);
      }
      return others;
    }
  }

  /// The output of a stage: what an earlier run has left, or what is made now. Tensors of a new
  /// output belong to the caller's innermost scope.
  ///
  /// @param progress learns how far it has come
  /// @throws AlteredException if what is there is not as it was written
  /// @throws IOException if it cannot be read or written
  public <O> O get(Stage<O> stage, Progress progress) throws IOException {
    return switch (stage) {
      case Stage.OfValue<O> value -> value(value, progress);
      case Stage.OfFile<O> file -> file(file, progress);
      case Stage.OfRows<?> rows -> output(rows(rows, progress));
    };
  }

  // A stage of rows R is a stage whose output is List<R>; Java cannot see that through the switch.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <O> O output(List<?> rows) {
    return (O) rows;
  }

  private <O> O value(Stage.OfValue<O> stage, Progress progress) throws IOException {
    String name = file(stage, ".json");
    var stored = folder.sealed(name);
    if (stored.isPresent()) {
      try {
        return json.readValue(folder.read(name), stage.type());
      } catch (JacksonException _) { // of the right checksum, and no value for all that
        throw folder.altered(stored.get());
      }
    }
    var clock = Clock.start();
    var value = stage.body().compute(progress);
    folder.write(name, json.writeValueAsString(value), Readers.OWNER);
    folder.seal(name);
    spent(stage, clock, 0);
    return value;
  }

  private <O> O file(Stage.OfFile<O> stage, Progress progress) throws IOException {
    String name = file(stage, stage.ending());
    try (var task = progress.start(stage.title(), stage.size())) {
      var stored = folder.sealed(name);
      if (stored.isPresent()) {
        task.advance(stage.size());
        return stage.read(stored.get());
      }
      var clock = Clock.start();
      var output = stage.compute();
      switch (stage.keeping()) {
        case KEPT -> {
          folder.write(name, path -> stage.write(output, path), Readers.OWNER);
          folder.seal(name);
        }
        case MADE_AGAIN -> {}
      }
      spent(stage, clock, stage.tokens());
      task.advance(stage.size());
      return output;
    }
  }

  private <R> List<R> rows(Stage.OfRows<R> stage, Progress progress) throws IOException {
    String name = file(stage, ".jsonl");
    try (var journal = Journal.open(folder, name, stage.type(), json);
        var task = progress.start(stage.title(), stage.size())) {
      requireOnePerPlace(stage, journal.rows(), folder.file(name));
      var missing = new MissingRows<>(stage, journal, task);
      if (!missing.places().isEmpty()) {
        var clock = Clock.start();
        try (var _ = Scope.open()) {
          spent(stage, clock, stage.make(missing));
        }
      }
      return journal.rows().stream().sorted(Comparator.comparingInt(stage::place)).toList();
    }
  }

  private <R> void requireOnePerPlace(Stage.OfRows<R> stage, List<R> rows, Path file)
      throws IOException {
    var places = rows.stream().map(stage::place).toList();
    if (places.stream().distinct().count() != places.size()
        || places.stream().anyMatch(place -> place < 0 || place >= stage.size())) {
      throw folder.altered(file);
    }
  }

  /// Where a stage keeps its output, below the folder.
  private String file(Stage<?> stage, String ending) {
    String key = FORMAT + stage.name() + stage.version() + json.writeValueAsString(stage.inputs());
    return RunFolder.STAGES
        + "/"
        + stage.name()
        + "-"
        + Sha256.ofText(key).substring(0, KEY_DIGITS)
        + ending;
  }

  // ---- time --------------------------------------------------------------------------------

  /// A stopwatch.
  private record Clock(long started) {
    static Clock start() {
      return new Clock(System.nanoTime());
    }

    double seconds() {
      return (System.nanoTime() - started) / 1e9;
    }
  }

  private static final String TIMINGS = RunFolder.STAGES + "/timings.jsonl";

  private void spent(Stage<?> stage, Clock clock, long tokens) throws IOException {
    try (var journal = Journal.open(folder, TIMINGS, StageTiming.class, json)) {
      journal.append(new StageTiming(stage.name(), clock.seconds(), tokens));
    }
  }

  /// Time every stage took, summed over interruptions, in order of first appearance.
  public List<StageTiming> timings() throws IOException {
    var sums = new LinkedHashMap<String, StageTiming>();
    try (var journal = Journal.open(folder, TIMINGS, StageTiming.class, json)) {
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
}
