package dev.demur.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

  /// A journal synced every row of a study, about a tenth of the demo study's time.
  @Test
  void isDueAtOnceAndThenOnceAnInterval() {
    var clock = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // wraps meanwhile
    var pace = new Pace(Duration.ofSeconds(1), clock::get);
    int due = 0;
    for (int millisecond = 0; millisecond < 3_500; millisecond++) {
      due += pace.isDue() ? 1 : 0;
      clock.addAndGet(1_000_000);
    }
    assertThat(due).isEqualTo(4);
  }
}
