package dev.demur.app.faults;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// Which operation on files goes wrong, and how. One plan at a time, for the whole process.
final class Faults {

  /// What a program asks of a file system.
  enum Operation {
    OPEN,
    READ,
    WRITE,
    SYNC,
    CUT,
    MAP,
    RENAME,
    DELETE,
    MAKE,
    LIST,
    LOOK,
    CHANGE
  }

  /// How operations go wrong.
  enum Kind {
    /// One fails.
    ONCE,
    /// It and all that change anything fail from then on, as on a disk that is full or gone.
    FROM_THEN_ON,
    /// A write writes half and fails; a read brings half, which is no fault.
    HALF,
    /// The process is killed before it.
    KILLED,
    /// The process is killed in the middle of it.
    KILLED_HALF
  }

  /// What the file system does with an operation.
  enum Effect {
    DONE,
    FAILS,
    HALF_DONE,
    HALF_DONE_THEN_KILLED
  }

  private record Plan(Path below, long at, Kind kind) {}

  private static final AtomicLong COUNT = new AtomicLong();

  private static volatile Plan plan = new Plan(Path.of("/nowhere"), 0, Kind.ONCE);

  private static volatile String hit = "";

  private Faults() {}

  /// Begins to count operations on files below a folder; the `at`-th, from 1, goes wrong. 0 is
  /// none.
  static void arm(Path below, long at, Kind kind) {
    hit = "";
    COUNT.set(0);
    plan = new Plan(below, at, kind);
  }

  /// Ends it.
  ///
  /// @return how many operations there were
  static long disarm() {
    plan = new Plan(Path.of("/nowhere"), 0, Kind.ONCE);
    return COUNT.get();
  }

  /// The operation that went wrong, for people; empty where none did.
  static String hit() {
    return hit;
  }

  /// Counts an operation that fails or is done.
  static void pass(Operation operation, Path path) throws IOException {
    switch (next(operation, path)) {
      case DONE -> {}
      case FAILS, HALF_DONE ->
          throw new FileSystemException(path.toString(), null, "Input/output error");
      case HALF_DONE_THEN_KILLED -> kill();
    }
  }

  /// Counts an operation, and says what is to be done with it.
  static Effect next(Operation operation, Path path) {
    var now = plan;
    if (now.at() < 0 || !path.toString().startsWith(now.below().toString())) {
      return Effect.DONE;
    }
    long number = COUNT.incrementAndGet();
    if (now.at() == 0 || number < now.at()) {
      return Effect.DONE;
    }
    if (number == now.at()) {
      hit = operation + " " + now.below().relativize(path) + " (operation " + number + ")";
    }
    return switch (now.kind()) {
      case ONCE -> number == now.at() ? Effect.FAILS : Effect.DONE;
      case FROM_THEN_ON -> number == now.at() || changes(operation) ? Effect.FAILS : Effect.DONE;
      case HALF -> number == now.at() ? Effect.HALF_DONE : Effect.DONE;
      case KILLED -> {
        kill();
        yield Effect.FAILS;
      }
      case KILLED_HALF -> Effect.HALF_DONE_THEN_KILLED;
    };
  }

  private static boolean changes(Operation operation) {
    return switch (operation) {
      case WRITE, SYNC, CUT, RENAME, DELETE, MAKE, CHANGE -> true;
      case OPEN, READ, MAP, LIST, LOOK -> false;
    };
  }

  /// SIGKILL to this process, as from outside.
  static void kill() {
    try {
      new ProcessBuilder("kill", "-KILL", String.valueOf(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("cannot kill", e);
    }
  }
}
