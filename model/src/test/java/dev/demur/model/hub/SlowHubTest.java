package dev.demur.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.FakeHub;
import dev.demur.model.web.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// D8: a hub that is slow or never ends cannot hold a run up; a slow line that keeps coming brings
/// its file.
@Order(1) // the slowest begin first
@Timeout(30)
class SlowHubTest {

  private static final HubReference MODEL = HubReference.parse("org/name");
  private static final String WEIGHTS = "model.safetensors";
  private static final int SIZE = 300_000;

  /// The least; a loaded machine stands still for some tenths of a second.
  private static final Pace SLOWEST = Pace.steady(Duration.ofSeconds(1), 20_000);

  private static final Duration GRACE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private FakeHub hub;
  private Pace listing = SLOWEST.and(Duration.ofSeconds(10));

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub();
    hub.largeFile(WEIGHTS, HubClientTest.bytes(SIZE));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aListingThatDripsEndsInOneLine() {
    hub.pauseMillis = 20;
    hub.step = 1;
    assertRefused(GRACE, "org/name: the hub's listing brought ");
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void aListingWithoutAnEndEndsInOneLine() {
    hub.endless = "/api/models/";
    listing = Pace.within(Duration.ofSeconds(20));
    assertRefused(GRACE, "org/name: the hub's listing is longer than 67,108,864 bytes");
  }

  @Test
  void aFileThatDripsEndsInOneLineAndIsKept() throws IOException {
    hub.listingIsQuick = true;
    hub.pauseMillis = 20;
    hub.step = 1;
    assertRefused(GRACE, WEIGHTS + ": the connection broke off (brought ");
    assertThat(hub.requests("cdn", "GET")).hasSize(Patience.SLOW_ATTEMPTS);
    assertThat(part()).isNotEmptyFile();
  }

  @Test
  void aFileOfManyShortPiecesHasATimeInAll() throws IOException {
    for (int at = 1000; at < SIZE; at += 1000) {
      hub.cut(WEIGHTS, at);
    }
    hub.listingIsQuick = true;
    hub.pauseMillis = 20;
    assertRefused(Duration.ofMillis(500), WEIGHTS + ": did not arrive within 0 minutes");
  }

  @Test
  void aSlowLineThatKeepsComingBringsItsFile() throws IOException {
    hub.listingIsQuick = true;
    hub.pauseMillis = 20; // 4,096 bytes each
    hub.cut(WEIGHTS, 200_000);
    assertThat(pull(GRACE).fetched()).isEqualTo(1);
    assertThat(hub.requests("cdn", "GET")).hasSize(2);
  }

  @Test
  void headersThatDoNotComeAreWaitedForTwice() {
    hub.silent = true;
    assertRefused(GRACE, "cannot be reached (request timed out)");
    assertThat(hub.requests()).hasSize(Patience.SLOW_ATTEMPTS);
  }

  private Path part() throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".incomplete")).findFirst().orElseThrow();
    }
  }

  private void assertRefused(Duration grace, String message) {
    assertThatThrownBy(() -> pull(grace))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  private Pulled pull(Duration grace) throws IOException {
    var usual = Patience.USUAL;
    var times = new Patience.Times(Duration.ofMillis(500), listing, SLOWEST, grace, SIZE);
    var quick = new Patience(usual.attempts(), usual.first(), usual.longest(), times, _ -> {});
    var settings =
        HubSettings.of(
            Map.of("HF_ENDPOINT", hub.endpoint().toString(), "HF_HUB_CACHE", folder.toString()),
            folder);
    return HubClient.of(settings, TransferListener.silent(), quick)
        .pull(MODEL, new FileSelection.Matching(List.of(WEIGHTS)));
  }
}
