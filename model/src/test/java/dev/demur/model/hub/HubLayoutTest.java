package dev.demur.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The cache looks as huggingface_hub leaves it. Golden: `tools/hub/interop.py --golden`.
class HubLayoutTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/hub/layout.txt");

  @TempDir Path cache;

  @Test
  void theCacheIsLaidOutAsHuggingFaceHubDoes() throws IOException {
    try (var hub = new FakeHub()) {
      hub.file("config.json", "{\"model_type\": \"llama\"}\n")
          .file("tokenizer.json", "{}")
          .file("notes/a b.txt", "hello")
          .largeFile("model.safetensors", HubClientTest.bytes(300_000));
      var environment =
          Map.of("HF_ENDPOINT", hub.endpoint().toString(), "HF_HUB_CACHE", cache.toString());
      HubClient.of(HubSettings.of(environment, cache), TransferListener.silent())
          .pull(HubReference.parse("org/name"), new FileSelection.Matching(List.of("*")));
    }
    assertThat(layout()).isEqualTo(Files.readAllLines(GOLDEN));
    assertThat(cache.resolve("CACHEDIR.TAG")).isNotEmptyFile();
  }

  private List<String> layout() throws IOException {
    var lines = new ArrayList<String>();
    try (var walk = Files.walk(cache)) {
      for (Path path : walk.sorted().toList()) {
        String name = cache.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          lines.add(name + " -> " + Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && isContent(name)) {
          lines.add(name + " " + FakeHub.sha256(Files.readAllBytes(path)));
        }
      }
    }
    return lines;
  }

  private static boolean isContent(String name) {
    return !name.startsWith(".locks") && !name.equals("CACHEDIR.TAG");
  }
}
