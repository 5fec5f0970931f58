package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.serve.http.ListenSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Studies that clients start.
class StudiesTest {

  private static final String STUDIES = "/demur/v1/studies";

  @TempDir private Path folder;

  private TestServer open() {
    return TestServer.open(
        new ServerSettings(
            ListenSettings.local(0),
            2,
            8,
            128,
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.of(folder),
            ServerSettings.Tools.NONE));
  }

  /// A whole study takes seconds, so this one is small and its law runs where studies are tested.
  @Test
  void aStudyIsStartedWatchedAndFetched() {
    try (var server = open()) {
      var started =
          server.post(
              STUDIES, "{\"train\": 4, \"val\": 2, \"evaluated\": 2, \"max_new_tokens\": 2}");
      assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
      String id = TestServer.JSON.readTree(started.body()).get("id").asString();
      assertThat(server.get(STUDIES + "/" + id + "/report").statusCode()).isEqualTo(404);
      assertThat(server.post(STUDIES, "{}").statusCode()).isEqualTo(429);
      var last = server.lastEvent(STUDIES + "/" + id + "/events");
      assertThat(last.get("state").asString()).as(last.toString()).isEqualTo("done");
      assertThat(last.get("finding").asString()).isNotBlank();
      var report = server.get(STUDIES + "/" + id + "/report");
      assertThat(report.body()).contains("<html");
      assertThat(report.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("sandbox");
      assertThat(server.get(STUDIES + "/..%2f..%2fetc/report").statusCode()).isEqualTo(404);
      assertThat(server.post(STUDIES, "{\"harmful\": [\"a\"]}").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void withoutAFolderThereAreNone() {
    assertThat(TestServer.shared().post(STUDIES, "{}").statusCode()).isEqualTo(404);
  }
}
