package dev.demur.model.tensor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Counts what one thread asks of libtorch and of the kernels while it is open: operations, the
/// bytes they read and write, and the time, by the part of a pass they belong to.
///
/// Counting is from outside. An operation reads each operand once and writes its result once, as
/// wide as they lie in memory; one that libtorch is known to run as several counts as those. Time
/// belongs to the part that began last, Java's own included.
///
/// One meter is open at a time. While none is, counting costs a look at a field.
public final class Meter implements AutoCloseable {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static volatile @Nullable Meter open;

  /// One part's work.
  ///
  /// @param operations launched
  /// @param read bytes
  /// @param written bytes
  /// @param nanos from the beginnings of the part to the beginnings of what followed
  /// @param busyNanos of them, in which this thread had a processor
  public record Tally(long operations, long read, long written, long nanos, long busyNanos) {
    private Tally plus(Tally more) {
      return new Tally(
          operations + more.operations,
          read + more.read,
          written + more.written,
          nanos + more.nanos,
          busyNanos + more.busyNanos);
    }
  }

  private final Thread thread = Thread.currentThread();
  private final Map<Enum<?>, Tally> tallies = new LinkedHashMap<>();
  private Enum<?> part;
  private long since;
  private long busySince;

  private Meter(Enum<?> first) {
    this.part = first;
    this.since = System.nanoTime();
    this.busySince = THREADS.getCurrentThreadCpuTime();
  }

  /// Begins to count on this thread.
  ///
  /// @param first the part everything belongs to until another begins
  /// @throws IllegalStateException if a meter is open
  public static Meter open(Enum<?> first) {
    if (open != null) {
      throw new IllegalStateException("another meter is open");
    }
    var meter = new Meter(first);
    open = meter;
    return meter;
  }

  /// Lets a part begin.
  public static void begin(Enum<?> next) {
    var meter = mine();
    if (meter != null) {
      meter.enter(next);
    }
  }

  /// Does something that is a part of its own within another.
  public static <T> T within(Enum<?> inner, Supplier<T> work) {
    var meter = mine();
    if (meter == null) {
      return work.get();
    }
    var outer = meter.part;
    meter.enter(inner);
    var done = work.get();
    meter.enter(outer);
    return done;
  }

  /// Counts an operation of a kernel.
  ///
  /// @param read bytes
  /// @param written bytes
  public static void ran(long read, long written) {
    var meter = mine();
    if (meter != null) {
      meter.count(1, read, written);
    }
  }

  /// What was counted, by part, up to now.
  public Map<Enum<?>, Tally> tallies() {
    enter(part);
    return new LinkedHashMap<>(tallies);
  }

  @Override
  public void close() {
    open = null;
  }

  static void made(Tensor result, Tensor... read) {
    var meter = mine();
    if (meter != null) {
      meter.count(1, bytes(read), bytes(result));
    }
  }

  /// An operation that reads a tensor, and others, and writes it.
  static void changed(Tensor tensor, Tensor... read) {
    var meter = mine();
    if (meter != null) {
      meter.count(1, bytes(tensor) + bytes(read), bytes(tensor));
    }
  }

  /// An operation that reads a tensor and makes a number.
  static void read(Tensor tensor) {
    var meter = mine();
    if (meter != null) {
      meter.count(1, bytes(tensor), 0);
    }
  }

  /// A further operand of the next operation.
  static void also(Tensor operand) {
    var meter = mine();
    if (meter != null) {
      meter.count(0, bytes(operand), 0);
    }
  }

  /// An operation that writes a tensor it does not read.
  static void overwritten(Tensor tensor, Tensor read) {
    made(tensor, read);
  }

  /// A result that is a view, or a copy where no view was possible.
  static void perhapsCopied(Tensor result, Tensor of) {
    var meter = mine();
    if (meter != null && result.raw().storage_offset() == 0 && isElsewhere(result, of)) {
      meter.count(1, bytes(result), bytes(result));
    }
  }

  /// Operations that libtorch makes of one call.
  ///
  /// @param operations how many
  /// @param reads how often they read as much as `tensor` holds
  /// @param writes how often they write as much
  static void several(int operations, Tensor tensor, int reads, int writes) {
    var meter = mine();
    if (meter != null) {
      long bytes = bytes(tensor);
      meter.count(operations, reads * bytes, writes * bytes);
    }
  }

  private static boolean isElsewhere(Tensor result, Tensor of) {
    return result.elements() > 0
        && result.raw().data_ptr().address() != of.raw().data_ptr().address();
  }

  private static @Nullable Meter mine() {
    var meter = open;
    return meter != null && meter.thread.equals(Thread.currentThread()) ? meter : null;
  }

  private void count(long operations, long read, long written) {
    tallies.merge(part, new Tally(operations, read, written, 0, 0), Tally::plus);
  }

  private void enter(Enum<?> next) {
    long now = System.nanoTime();
    long busy = THREADS.getCurrentThreadCpuTime();
    tallies.merge(part, new Tally(0, 0, 0, now - since, busy - busySince), Tally::plus);
    part = next;
    since = now;
    busySince = busy;
  }

  private static long bytes(Tensor... tensors) {
    long bytes = 0;
    for (var tensor : tensors) {
      bytes += bytes(tensor);
    }
    return bytes;
  }

  /// As it lies in memory: what is repeated without a copy counts once.
  private static long bytes(Tensor tensor) {
    long bytes = tensor.dtype().bytes();
    for (int dim = 0; dim < tensor.rank(); dim++) {
      bytes *= tensor.raw().stride(dim) == 0 ? 1 : tensor.dim(dim);
    }
    return bytes;
  }
}
