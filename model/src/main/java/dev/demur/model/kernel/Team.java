package dev.demur.model.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Threads that share out pieces of work of some tens of microseconds, hundreds of times for a
/// token.
///
/// Waking a sleeping thread takes about as long as such a piece. So members look out for the next
/// one for a moment before they sleep; the moment is short, for libtorch needs the cores as well.
final class Team {

  /// The one team: two of them would only take each other's cores.
  static final Team SHARED = new Team();

  /// Turns of the loop that looks out for work; about 20 µs.
  private static final int LOOKING_OUT = 2000;

  private final List<Member> members = new ArrayList<>();

  private Team() {}

  /// Runs `work` for every part from 0 on, the last of them on the calling thread, and returns when
  /// all are done. Callers wait for each other.
  ///
  /// @throws RuntimeException what a part threw; of several, any
  synchronized void run(int parts, IntConsumer work) {
    while (members.size() < parts - 1) {
      members.add(Member.started(members.size()));
    }
    if (parts == 1) {
      work.accept(0);
      return;
    }
    var job = new Job(work, new AtomicInteger(parts - 1), new AtomicReference<>());
    for (int part = 0; part < parts - 1; part++) {
      members.get(part).give(job);
    }
    try {
      work.accept(parts - 1);
    } finally {
      while (job.open.get() > 0) {
        Thread.onSpinWait();
      }
    }
    var failure = job.failure.get();
    if (failure != null) {
      throw failure;
    }
  }

  /// @param open parts members still work on
  private record Job(
      IntConsumer work, AtomicInteger open, AtomicReference<@Nullable RuntimeException> failure) {

    void does(int part) {
      try {
        work.accept(part);
      } catch (RuntimeException e) {
        failure.set(e);
      } finally {
        open.decrementAndGet();
      }
    }
  }

  /// One thread and the job it has been given.
  private static final class Member implements Runnable {
    private final int part;
    private final AtomicReference<@Nullable Job> next = new AtomicReference<>();
    private final Thread thread;

    private Member(int part) {
      this.part = part;
      this.thread = Thread.ofPlatform().name("demur-kernel-" + part).daemon().unstarted(this);
    }

    static Member started(int part) {
      var member = new Member(part);
      member.thread.start();
      return member;
    }

    void give(Job job) {
      next.set(job);
      LockSupport.unpark(thread);
    }

    @Override
    public void run() {
      int idle = 0;
      while (true) {
        var job = next.getAndSet(null);
        if (job != null) {
          job.does(part);
          idle = 0;
        } else if (++idle < LOOKING_OUT) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
          idle = 0;
        }
      }
    }
  }
}
