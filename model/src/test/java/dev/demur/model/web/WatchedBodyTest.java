package dev.demur.model.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// D8: a body is over in the time and with the bytes its reader allows.
class WatchedBodyTest {

  private static final Pace HURRIED = Pace.steady(Duration.ofMillis(200), 1000);

  @Test
  void givesAllBytesOfABodyThatKeepsUp() throws IOException {
    byte[] bytes = new byte[300_000];
    bytes[299_999] = 7;
    try (var body = WatchedBody.over(new ByteArrayInputStream(bytes), HURRIED)) {
      assertThat(body.whole(300_000)).isEqualTo(bytes);
    }
  }

  @Test
  void endsABodyThatBringsNothing() {
    try (var body = WatchedBody.over(new Dripping(Duration.ofDays(1)), HURRIED)) {
      assertThatThrownBy(() -> body.whole(10))
          .isInstanceOf(SlowAnswerException.class)
          .hasMessage("brought nothing for 0.2 s");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void endsABodyThatDrips() throws IOException {
    try (var body = WatchedBody.over(new Dripping(Duration.ofMillis(20)), HURRIED)) {
      assertThatThrownBy(() -> body.whole(1_000_000))
          .isInstanceOf(SlowAnswerException.class)
          .hasMessageMatching("brought \\d{1,2} bytes in 0.2 s, expected at least 1,000");
    }
  }

  @Test
  void endsABodyThatIsNotWholeInTime() throws IOException {
    var pace = Pace.within(Duration.ofMillis(200));
    try (var body = WatchedBody.over(new Dripping(Duration.ofMillis(20)), pace)) {
      assertThatThrownBy(() -> body.whole(1_000_000))
          .isInstanceOf(SlowAnswerException.class)
          .hasMessage("was not whole within 0.2 s");
    }
  }

  @Test
  void takesNoMoreThanTheLimit() throws IOException {
    try (var body =
        WatchedBody.over(new Dripping(Duration.ZERO), Pace.within(Duration.ofMinutes(1)))) {
      assertThatThrownBy(() -> body.whole(5_000))
          .isInstanceOf(LargeAnswerException.class)
          .hasMessage("is longer than 5,000 bytes, the most that are taken");
    }
  }

  /// A byte, a pause, and so on until closed, as a body of `java.net.http` ends a read then.
  private static final class Dripping extends InputStream {
    private final Duration pause;
    private final CountDownLatch closed = new CountDownLatch(1);

    Dripping(Duration pause) {
      this.pause = pause;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1);
    }

    @Override
    public int read(byte[] buffer, int from, int count) throws IOException {
      try {
        if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException("closed");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      buffer[from] = 1;
      return 1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
