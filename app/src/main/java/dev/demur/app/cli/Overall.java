package dev.demur.app.cli;

import dev.demur.lab.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/// How far work of several stages has come, and how long the rest will take at the pace of what was
/// done so far. Changed by every stage.
final class Overall {

  /// Steps that come at once were done by an earlier run and say nothing about the pace.
  private static final double AT_ONCE_SECONDS = 0.1;

  private final LongSupplier nanos;
  private List<Double> efforts = List.of();
  private int begun;
  private double toCome;
  private double measuredEffort;
  private double measuredSeconds;

  /// @param nanos a clock
  Overall(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// As [Progress#expect]. What has begun before is counted on.
  synchronized void expect(List<Double> next) {
    var all = new ArrayList<>(efforts.subList(0, Math.min(begun, efforts.size())));
    all.addAll(next);
    efforts = List.copyOf(all);
    toCome = next.stream().mapToDouble(Double::doubleValue).sum();
  }

  /// The next stage begins.
  synchronized Stage begin(long total) {
    boolean expected = begun < efforts.size();
    double effort = expected ? efforts.get(begun) : 0;
    begun++;
    toCome -= effort;
    return new Stage(expected ? begun : 0, effort, total, nanos.getAsLong());
  }

  /// One stage. Changed by its steps.
  final class Stage {
    private final int number;
    private final double effort;
    private final long total;
    private final long started;
    private long done; // steps come from workers, and a bar is drawn on a thread of its own
    private long present;

    private Stage(int number, double effort, long total, long started) {
      this.number = number;
      this.effort = effort;
      this.total = total;
      this.started = started;
    }

    synchronized long done() {
      return done;
    }

    double seconds() {
      return (nanos.getAsLong() - started) / 1e9;
    }

    synchronized void advance(long steps) {
      done += steps;
      if (seconds() < AT_ONCE_SECONDS) {
        present = done;
      }
    }

    void close() {
      synchronized (Overall.this) {
        measuredEffort += share(done - present);
        measuredSeconds += done > present ? seconds() : 0;
      }
    }

    private double share(long steps) {
      return total == 0 ? 0 : effort * steps / total;
    }

    /// `stage 5 of 9: `; nothing where stages are not counted.
    String title() {
      return number == 0 ? "" : "stage " + number + " of " + efforts.size() + ": ";
    }

    /// Seconds until this stage is done.
    OptionalDouble left() {
      return done == 0 || done >= total
          ? OptionalDouble.empty()
          : OptionalDouble.of(seconds() * (total - done) / done);
    }

    /// Seconds until all stages are done; empty before a pace is known, and for the last.
    OptionalDouble leftInAll() {
      synchronized (Overall.this) {
        double effortSoFar = measuredEffort + share(done - present);
        double secondsSoFar = measuredSeconds + (done > present ? seconds() : 0);
        return number == 0 || toCome <= 0 || effortSoFar <= 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(secondsSoFar / effortSoFar * (toCome + share(total - done)));
      }
    }
  }
}
