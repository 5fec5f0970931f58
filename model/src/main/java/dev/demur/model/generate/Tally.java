package dev.demur.model.generate;

import java.util.concurrent.atomic.AtomicLong;

/// What a loop has done. One thread counts, any may read.
final class Tally {

  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong shared = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  /// Counts a request that was taken, or, −1, was not after all.
  void accepted(int requests) {
    accepted.addAndGet(requests);
  }

  void read(int tokens) {
    read.addAndGet(tokens);
  }

  void shared(int tokens) {
    shared.addAndGet(tokens);
  }

  void written(int tokens) {
    written.addAndGet(tokens);
  }

  /// Counts a sequence that has left. One that came to its end is no cancelled one: who hears of an
  /// end may give the request up before this is called.
  void count(Sequence sequence) {
    var how = sequence.hasFailed() ? failed : sequence.hasEnded() ? ended : cancelled;
    how.incrementAndGet();
  }

  EngineState state(int queued, int slots) {
    long open = accepted.get() - ended.get() - cancelled.get() - failed.get();
    return new EngineState(
        Math.toIntExact(Math.max(0, open - queued)),
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
