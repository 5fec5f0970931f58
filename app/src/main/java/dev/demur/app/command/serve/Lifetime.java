package dev.demur.app.command.serve;

import dev.demur.serve.Server;
import java.util.concurrent.CountDownLatch;

/// The time between a server's opening and the signal that ends the process, which waits until
/// those being answered have their answers.
final class Lifetime {

  private final Server server;
  private final CountDownLatch end = new CountDownLatch(1);

  Lifetime(Server server) {
    this.server = server;
  }

  /// Returns when the thread is interrupted; a signal ends the process before.
  void await() {
    var closing = new Thread(server::close, "serve-closing");
    Runtime.getRuntime().addShutdownHook(closing);
    try {
      end.await();
    } catch (InterruptedException _) {
      Runtime.getRuntime().removeShutdownHook(closing);
    }
  }
}
