package dev.demur.serve.http;

import io.helidon.common.socket.HelidonSocket;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Closes sockets on which something does not come to its end in time: a client that sends a byte a
/// second, or takes none. A read or a write on a closed socket fails, so nobody waits for it.
final class Patience implements AutoCloseable {

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("serve-patience").factory());

  /// Something that must end; closing says that it has.
  interface Waiting extends AutoCloseable {
    @Override
    void close();
  }

  /// Begins to wait.
  Waiting on(HelidonSocket socket, Duration most) {
    Future<?> end = clock.schedule(() -> shut(socket), most.toMillis(), TimeUnit.MILLISECONDS);
    return () -> end.cancel(false);
  }

  /// Closes a socket, whatever state it is in.
  static void shut(HelidonSocket socket) {
    try {
      socket.close();
    } catch (UncheckedIOException _) {
      // It is closed already.
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
