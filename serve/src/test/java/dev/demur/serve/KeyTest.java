package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.serve.http.Key;
import dev.demur.serve.http.Limits;
import dev.demur.serve.http.ListenSettings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A server that wants a key, and counts.
class KeyTest {

  @Test
  void keysAndRatesAreAskedFor() {
    var settings =
        new ListenSettings(
            "127.0.0.1",
            0,
            Optional.of(Key.of("0123456789abcdef")),
            Optional.empty(),
            Limits.usual().withRate(4));
    try (var closed = TestServer.open(TestServer.settings(settings))) {
      assertThat(closed.get("/health").statusCode()).isEqualTo(200);
      assertThat(closed.get("/v1/models").statusCode()).isEqualTo(401);
      assertThat(closed.get("/v1/models", "Authorization", "Bearer 0123456789abcdeF").statusCode())
          .isEqualTo(401);
      assertThat(closed.get("/v1/models", "Authorization", "Bearer 0123456789abcdef").statusCode())
          .isEqualTo(200);
      var often = closed.get("/v1/models", "x-api-key", "0123456789abcdef");
      assertThat(often.statusCode()).isEqualTo(429);
      assertThat(often.headers().firstValue("Retry-After")).isPresent();
    }
  }
}
