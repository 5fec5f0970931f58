package dev.demur.model.hub;

import dev.demur.model.local.RegularFile;
import dev.demur.model.local.UserHome;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Where the hub is, where its files go, who asks, and whether asking is allowed.
///
/// The environment variables are huggingface_hub's: `HF_ENDPOINT`; `HF_HUB_CACHE`, `HF_HOME` and
/// `XDG_CACHE_HOME`; `HF_TOKEN`, else the file `HF_TOKEN_PATH` names, else `$HF_HOME/token`;
/// `HF_HUB_OFFLINE` or `TRANSFORMERS_OFFLINE`; `HF_HUB_DISABLE_IMPLICIT_TOKEN`; and everybody's
/// `https_proxy`, `http_proxy` and `no_proxy`.
public final class HubSettings {

  private static final String PUBLIC_HUB = "https://huggingface.co";

  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

  /// A token is at most a few hundred characters; more is some other file.
  private static final int MAX_TOKEN_BYTES = 8192;

  /// Whether the network may be used.
  public enum Access {
    ONLINE,
    OFFLINE
  }

  private final URI endpoint;
  private final HubCache cache;
  private final Access access;
  private final Optional<HubToken> token;
  private final ProxySelector proxy;

  private HubSettings(
      URI endpoint, HubCache cache, Access access, Optional<HubToken> token, ProxySelector proxy) {
    this.endpoint = endpoint;
    this.cache = cache;
    this.access = access;
    this.token = token;
    this.proxy = proxy;
  }

  /// The settings the process's environment makes.
  ///
  /// @throws IOException if the token file cannot be read
  /// @throws HubException if `HF_ENDPOINT` is not a web address
  public static HubSettings ofEnvironment() throws IOException {
    return of(System.getenv(), UserHome.named());
  }

  /// The settings an environment makes.
  ///
  /// @param home the user's home folder
  /// @throws IOException if the token file cannot be read
  /// @throws HubException if `HF_ENDPOINT` is not a web address
  public static HubSettings of(Map<String, String> environment, Path home) throws IOException {
    String text = environment.getOrDefault("HF_ENDPOINT", "").strip().replaceFirst("/+$", "");
    return new HubSettings(
        endpoint(text.isEmpty() ? PUBLIC_HUB : text),
        HubCache.of(environment, home),
        isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE")
            ? Access.OFFLINE
            : Access.ONLINE,
        token(environment, home),
        new EnvironmentProxy(
            environment,
            Objects.requireNonNullElse(ProxySelector.getDefault(), ProxySelector.of(null))));
  }

  private static URI endpoint(String text) throws HubException {
    try {
      URI uri = URI.create(text);
      Origin.of(uri);
      return uri;
    } catch (IllegalArgumentException | HubException e) {
      throw new HubException(
          "HF_ENDPOINT is \"" + text + "\", expected an address such as " + PUBLIC_HUB, e);
    }
  }

  private static Optional<HubToken> token(Map<String, String> environment, Path home)
      throws IOException {
    if (isTrue(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return Optional.empty();
    }
    for (String name : List.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")) {
      String value = environment.getOrDefault(name, "").strip();
      if (!value.isEmpty()) {
        return Optional.of(new HubToken(value));
      }
    }
    String named = environment.getOrDefault("HF_TOKEN_PATH", "");
    if (named.isBlank()
        && !UserHome.isKnown(home)
        && environment.getOrDefault("HF_HOME", "").isBlank()) {
      return Optional.empty();
    }
    Path file =
        named.isBlank() ? HubCache.home(environment, home).resolve("token") : Path.of(named);
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_TOKEN_BYTES) {
      return Optional.empty();
    }
    String value = RegularFile.text(file).strip();
    return value.isEmpty() ? Optional.empty() : Optional.of(new HubToken(value));
  }

  private static boolean isTrue(Map<String, String> environment, String name) {
    return TRUE.contains(environment.getOrDefault(name, "").strip().toUpperCase(Locale.ROOT));
  }

  /// Address of the hub or a mirror of it, without a slash at the end.
  public URI endpoint() {
    return endpoint;
  }

  /// Where files go.
  public HubCache cache() {
    return cache;
  }

  /// Whether the network may be used.
  public Access access() {
    return access;
  }

  /// Who asks, if a token is set.
  public Optional<HubToken> token() {
    return token;
  }

  /// Which way out of here.
  ProxySelector proxy() {
    return proxy;
  }

  @Override
  public String toString() {
    return "HubSettings[" + endpoint + ", " + cache.root() + ", " + access + "]";
  }
}
