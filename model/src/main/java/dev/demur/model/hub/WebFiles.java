package dev.demur.model.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// Single files from the web, fetched with the same care as a model's: redirects do not carry the
/// token away, failures are tried again, and no more bytes come than allowed.
public final class WebFiles {

  private static final String PUBLIC_HUB = "https://huggingface.co/";

  private final HubSettings settings;
  private final HubHttp http;

  private WebFiles(HubSettings settings, HubHttp http) {
    this.settings = settings;
    this.http = http;
  }

  /// A fetcher with these settings; files of the public hub come from `HF_ENDPOINT`.
  ///
  /// @throws HubException if the endpoint is not a web address
  public static WebFiles of(HubSettings settings, TransferListener listener) throws HubException {
    return of(settings, listener, Patience.USUAL);
  }

  static WebFiles of(HubSettings settings, TransferListener listener, Patience patience)
      throws HubException {
    return new WebFiles(settings, new HubHttp(settings, patience, listener));
  }

  /// Brings a file whose content is not known before.
  ///
  /// @param name what to call it
  /// @param target where it goes; replaced
  /// @param limit the most bytes that are taken
  /// @return SHA-256 of what came
  /// @throws HubException if the server denies it, or sends more than allowed
  public ContentHash fetch(String name, URI uri, Path target, long limit) throws IOException {
    var folder = target.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    URI from = mirrored(uri);
    boolean known =
        settings.token().isPresent() && Origin.of(from).equals(Origin.of(settings.endpoint()));
    var denial = new Denial(name, uri, known ? Denial.TokenSent.YES : Denial.TokenSent.NO);
    return new Download(http, name, from, denial).to(target, new Expected.AtMost(limit));
  }

  private URI mirrored(URI uri) {
    String text = uri.toString();
    return text.startsWith(PUBLIC_HUB)
        ? URI.create(settings.endpoint() + "/" + text.substring(PUBLIC_HUB.length()))
        : uri;
  }
}
