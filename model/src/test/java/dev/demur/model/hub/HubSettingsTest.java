package dev.demur.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.hub.HubSettings.Access;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The environment, read as huggingface_hub reads it.
class HubSettingsTest {

  @TempDir Path home;

  @Test
  void readsTheEnvironment() throws IOException {
    var usual = HubSettings.of(Map.of(), home);
    assertThat(usual.endpoint()).hasToString("https://huggingface.co");
    assertThat(usual.cache().root()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(usual.token()).isEmpty();
    assertThat(usual.access()).isEqualTo(Access.ONLINE);
    var set =
        HubSettings.of(
            Map.of(
                "HF_ENDPOINT", "https://mirror.example/hub/",
                "HF_TOKEN", " hf_x\n",
                "HF_HUB_OFFLINE", "true",
                "XDG_CACHE_HOME", "~/caches"),
            home);
    assertThat(set.endpoint()).hasToString("https://mirror.example/hub");
    assertThat(set.token()).contains(new HubToken("hf_x"));
    assertThat(set.access()).isEqualTo(Access.OFFLINE);
    assertThat(set.cache().root()).isEqualTo(home.resolve("caches/huggingface/hub"));
  }

  @Test
  void findsTheTokenFile() throws IOException {
    Files.createDirectories(home.resolve(".cache/huggingface"));
    Files.writeString(home.resolve(".cache/huggingface/token"), "hf_file");
    Files.writeString(home.resolve("other"), "hf_other\n");
    assertThat(HubSettings.of(Map.of(), home).token()).contains(new HubToken("hf_file"));
    assertThat(
            HubSettings.of(Map.of("HF_TOKEN_PATH", home.resolve("other").toString()), home).token())
        .contains(new HubToken("hf_other"));
    assertThat(HubSettings.of(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"), home).token())
        .isEmpty();
  }

  @Test
  void findsTheProxyAsCurlDoes() {
    var proxy =
        new EnvironmentProxy(
            Map.of(
                "HTTPS_PROXY", "http://proxy.example:3128",
                "http_proxy", "other.example",
                "no_proxy", "localhost, .inside.example,*.lan"),
            ProxySelector.of(null));
    assertThat(chosen(proxy, "https://huggingface.co/x"))
        .contains("proxy.example")
        .contains("3128");
    assertThat(chosen(proxy, "http://huggingface.co/x")).contains("other.example").contains("80");
    for (String direct :
        List.of("https://localhost:1/", "https://a.inside.example/", "https://B.LAN/")) {
      assertThat(chosen(proxy, direct)).isEqualTo("[DIRECT]");
    }
    var none = new EnvironmentProxy(Map.of("no_proxy", "x"), ProxySelector.of(null));
    assertThat(chosen(none, "https://huggingface.co/x")).isEqualTo("[DIRECT]");
    var bad = new EnvironmentProxy(Map.of("https_proxy", "socks5://u:p@h"), ProxySelector.of(null));
    assertThatThrownBy(() -> chosen(bad, "https://huggingface.co/x"))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("u:p");
  }

  private static String chosen(ProxySelector proxy, String address) {
    return proxy.select(URI.create(address)).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "huggingface.co", "http://", "https://u:p@h", "http://a b"})
  void refusesAnEndpointThatIsNone(String endpoint) {
    assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", endpoint), home))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("HF_ENDPOINT is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"org/name@v1.0", "org/name@refs/pr/3", "org/name", "o/n@0123abc"})
  void readsReferences(String text) {
    assertThat(HubReference.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "a/b/c",
        "org/name@",
        "org/name@../x",
        "org/name@/x",
        "org/name@a b",
        "@x"
      })
  void refusesWhatIsNoReference(String text) {
    assertThatThrownBy(() -> HubReference.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /// D12: without a home, Java's `?` became a folder of that name.
  @Test
  void withoutAHomeTheVariablesAreAskedForAndNoTokenIsLookedFor() throws IOException {
    Path none = Path.of("?");
    assertThatThrownBy(() -> HubSettings.of(Map.of(), none))
        .hasMessageContaining("this user has no home folder; set XDG_CACHE_HOME, or HF_HOME");
    var settings = HubSettings.of(Map.of("HF_HUB_CACHE", "/models"), none);
    assertThat(settings.cache().root()).isEqualTo(Path.of("/models"));
    assertThat(settings.token()).isEmpty();
  }
}
