package dev.demur.serve.http;

import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ApiException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/// The pages under `/`: resources of this module in the folder `page`, and nothing else. A page may
/// ask this server and no other, and runs no script but its own.
final class Pages {

  private static final String FOLDER = "page/";
  private static final String FIRST = "index.html";

  /// Names without dots but the last, so that no path leads out of the folder.
  private static final Pattern NAME = Pattern.compile("(?:[a-z0-9-]+/)*[a-z0-9-]+\\.([a-z0-9]+)");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "woff2", "font/woff2");

  private static final String POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'";

  private Pages() {}

  /// Sends the page a path names.
  ///
  /// @throws ApiException if there is none
  static void send(Exchange exchange, String path) throws IOException {
    String name = path.equals("/") ? FIRST : path.substring(1);
    var matcher = NAME.matcher(name);
    String type = matcher.matches() ? TYPES.getOrDefault(matcher.group(1), "") : "";
    try (InputStream in = type.isEmpty() ? null : resource(name)) {
      if (in == null) {
        throw new ApiException(Reason.PATH, "there is nothing under this path");
      }
      exchange.header("Content-Security-Policy", POLICY);
      exchange.header("Referrer-Policy", "no-referrer");
      exchange.header("Cross-Origin-Opener-Policy", "same-origin");
      exchange.header("Cache-Control", "no-cache");
      exchange.send(type, in.readAllBytes());
    }
  }

  private static @org.jspecify.annotations.Nullable InputStream resource(String name) {
    return Pages.class.getResourceAsStream(FOLDER + name);
  }
}
