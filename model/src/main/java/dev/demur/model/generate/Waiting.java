package dev.demur.model.generate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Requests that wait for a slot, first come, first served. Any thread may call.
final class Waiting {

  private final Deque<Sequence> queue = new ArrayDeque<>();
  private final int most;
  private boolean closed;
  private boolean drained;

  /// @param most how many may wait
  Waiting(int most) {
    this.most = most;
  }

  /// @throws EngineFullException if as many wait as may
  /// @throws EngineClosedException if no more are taken
  synchronized void add(Sequence sequence) {
    if (closed || drained) {
      throw new EngineClosedException("the engine takes no more requests: it is being shut down");
    }
    if (queue.size() >= most) {
      throw new EngineFullException(queue.size());
    }
    queue.add(sequence);
    notifyAll();
  }

  /// @return whether it waited
  synchronized boolean remove(Sequence sequence) {
    return queue.remove(sequence);
  }

  synchronized Optional<Sequence> next() {
    return Optional.ofNullable(queue.poll());
  }

  synchronized int size() {
    return queue.size();
  }

  /// Takes no more; those that wait are still served.
  synchronized void drain() {
    drained = true;
    notifyAll();
  }

  /// Takes no more and serves none.
  ///
  /// @return those that waited
  synchronized List<Sequence> close() {
    closed = true;
    var left = List.copyOf(queue);
    queue.clear();
    notifyAll();
    return left;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /// Waits until there is something to do.
  ///
  /// @return false when there will be nothing any more
  synchronized boolean await() throws InterruptedException {
    while (queue.isEmpty() && !closed && !drained) {
      wait();
    }
    return !closed && !queue.isEmpty();
  }
}
