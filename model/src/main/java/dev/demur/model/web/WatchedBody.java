package dev.demur.model.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// A body on its way, ended by a thread of its own when it falls behind its pace. Changed by every
/// read.
public final class WatchedBody implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  private final InputStream body;
  private final Pace pace;
  private final long started = System.nanoTime();
  private final Thread watch = Thread.ofVirtual().name("watched-body").unstarted(this::watch);
  private volatile long last = started;
  private final AtomicLong received = new AtomicLong();
  private volatile Optional<String> fault = Optional.empty();

  private WatchedBody(InputStream body, Pace pace) {
    this.body = body;
    this.pace = pace;
  }

  /// Watches from now until closed.
  ///
  /// @param body closing it from another thread must end a read on it, as with `java.net.http`
  public static WatchedBody over(InputStream body, Pace pace) {
    var watched = new WatchedBody(body, pace);
    watched.watch.start();
    return watched;
  }

  /// Reads some bytes.
  ///
  /// @return how many, or -1 at the end
  /// @throws SlowAnswerException if the body fell behind
  /// @throws IOException if the connection broke
  public int read(byte[] buffer) throws IOException {
    int count;
    try {
      count = body.read(buffer);
    } catch (IOException e) {
      requireInPace(); // it is our own thread that closed the body then
      throw e;
    }
    if (count < 0) {
      requireInPace();
      return count;
    }
    last = System.nanoTime();
    received.addAndGet(count);
    return count;
  }

  /// Reads all there is.
  ///
  /// @param limit the most bytes that are taken
  /// @throws LargeAnswerException if there are more
  /// @throws SlowAnswerException if the body fell behind
  /// @throws IOException if the connection broke
  public byte[] whole(int limit) throws IOException {
    byte[] bytes = new byte[Math.min(limit, BUFFER)];
    byte[] buffer = new byte[BUFFER];
    int size = 0;
    for (int n = read(buffer); n >= 0; n = read(buffer)) {
      if (n > limit - size) {
        throw new LargeAnswerException(
            String.format(Locale.ROOT, "is longer than %,d bytes, the most that are taken", limit));
      }
      if (size + n > bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(limit, 2L * bytes.length + n));
      }
      System.arraycopy(buffer, 0, bytes, size, n);
      size += n;
    }
    return Arrays.copyOf(bytes, size);
  }

  private void requireInPace() throws SlowAnswerException {
    if (fault.isPresent()) {
      throw new SlowAnswerException(fault.get());
    }
  }

  private void watch() {
    try {
      while (fault.isEmpty()) {
        fault = oneWindow();
      }
      body.close();
    } catch (InterruptedException _) {
      // The body is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lets one window pass, or less where something is wrong before.
  private Optional<String> oneWindow() throws InterruptedException {
    long begun = System.nanoTime();
    long before = received.get();
    while (true) {
      long now = System.nanoTime();
      if (now - started >= pace.whole().toNanos()) {
        return Optional.of("was not whole within " + spoken(pace.whole()));
      }
      if (now - last >= pace.silence().toNanos()) {
        return Optional.of("brought nothing for " + spoken(pace.silence()));
      }
      long left = pace.window().toNanos() - (now - begun);
      if (left <= 0) {
        return rate(received.get() - before);
      }
      long wait =
          Math.min(
              left,
              Math.min(
                  pace.whole().toNanos() - (now - started),
                  pace.silence().toNanos() - (now - last)));
      Thread.sleep(Duration.ofNanos(wait));
    }
  }

  private Optional<String> rate(long brought) {
    return brought >= pace.bytesPerWindow()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "brought %,d bytes in %s, expected at least %,d",
                brought,
                spoken(pace.window()),
                pace.bytesPerWindow()));
  }

  private static String spoken(Duration time) {
    return time.toMillis() < 10_000
        ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
        : time.toSeconds() + " s";
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    body.close();
  }
}
