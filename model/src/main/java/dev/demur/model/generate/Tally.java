package dev.demur.model.generate;

import java.util.concurrent.atomic.AtomicLong;

/// What a loop has done. One thread counts, any may read.
final class Tally {

  private final AtomicLong read = new AtomicLong();
  private final AtomicLong shared = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  void read(int tokens) {
    read.addAndGet(tokens);
  }

  void shared(int tokens) {
    shared.addAndGet(tokens);
  }

  void written(int tokens) {
    written.addAndGet(tokens);
  }

  /// Counts a sequence that has left.
  void count(Sequence sequence) {
    var how = sequence.isCancelled() ? cancelled : sequence.hasFailed() ? failed : ended;
    how.incrementAndGet();
  }

  EngineState state(int running, int queued, int slots) {
    return new EngineState(
        running,
        queued,
        slots,
        read.get(),
        shared.get(),
        written.get(),
        ended.get(),
        cancelled.get(),
        failed.get());
  }
}
