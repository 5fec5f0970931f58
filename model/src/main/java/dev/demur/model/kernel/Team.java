package dev.demur.model.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Threads that share pieces of work of some tens of microseconds, hundreds of times for a token.
///
/// Waking a sleeping thread takes about as long as such a piece. So each member waits a moment for
/// the next piece before it sleeps. The moment is short, because libtorch needs the cores as well.
/// Nobody waits for a member that has not woken: whoever is awake takes the next part, until none
/// is left.
final class Team {

  /// The one team: two of them would only take each other's cores.
  static final Team SHARED = new Team();

  /// Turns of the loop that waits for work; about 0.1 ms.
  private static final int LOOKING_OUT = 10_000;

  private final List<Member> members = new ArrayList<>();

  private Team() {}

  /// Runs `work` for every part from 0 on, on the calling thread and others, and returns when all
  /// are done. Callers wait for each other.
  ///
  /// @param threads how many may work, the caller among them
  /// @throws RuntimeException what a part threw; of several, any
  synchronized void run(int threads, int parts, IntConsumer work) {
    int helpers = Math.min(threads, parts) - 1;
    if (helpers <= 0) {
      for (int part = 0; part < parts; part++) {
        work.accept(part);
      }
      return;
    }
    while (members.size() < helpers) {
      members.add(Member.started(members.size()));
    }
    var job = new Job(work, parts);
    for (int i = 0; i < helpers; i++) {
      members.get(i).give(job);
    }
    job.work();
    job.await();
  }

  /// Parts to be done. State: which part is next, how many are not done, what went wrong.
  private static final class Job {
    private final IntConsumer work;
    private final int parts;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger open;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    Job(IntConsumer work, int parts) {
      this.work = work;
      this.parts = parts;
      this.open = new AtomicInteger(parts);
    }

    /// Does parts until none is left to begin.
    void work() {
      for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
        try {
          work.accept(part);
        } catch (RuntimeException e) {
          failure.set(e);
        } finally {
          open.decrementAndGet();
        }
      }
    }

    /// Waits for the parts others have begun.
    void await() {
      while (open.get() > 0) {
        Thread.onSpinWait();
      }
      var thrown = failure.get();
      if (thrown != null) {
        throw thrown;
      }
    }
  }

  /// One thread and the job it has been given.
  private static final class Member implements Runnable {
    private final AtomicReference<@Nullable Job> next = new AtomicReference<>();
    private final Thread thread;

    /// Whether it sleeps, or is about to; written by itself alone.
    private volatile boolean asleep;

    private Member(int number) {
      this.thread = Thread.ofPlatform().name("demur-kernel-" + number).daemon().unstarted(this);
    }

    static Member started(int number) {
      var member = new Member(number);
      member.thread.start();
      return member;
    }

    void give(Job job) {
      next.set(job);
      if (asleep) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void run() {
      int idle = 0;
      while (true) {
        var job = next.get() == null ? null : next.getAndSet(null);
        if (job != null) {
          job.work();
          idle = 0;
        } else if (++idle < LOOKING_OUT) {
          Thread.onSpinWait();
        } else {
          sleep();
          idle = 0;
        }
      }
    }

    private void sleep() {
      asleep = true;
      if (next.get() == null) { // given after that, a job finds this thread asleep
        LockSupport.park(this);
      }
      asleep = false;
    }
  }
}
