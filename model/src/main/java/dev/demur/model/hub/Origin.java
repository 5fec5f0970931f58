package dev.demur.model.hub;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/// Scheme, host and port: what a token belongs to.
///
/// @param scheme `http` or `https`
/// @param host in lower case
/// @param port the usual one of the scheme when the address names none
record Origin(String scheme, String host, int port) {

  private static final String HTTPS = "https";

  /// The origin of an address.
  ///
  /// @throws HubException if it is not a plain web address
  static Origin of(URI uri) throws HubException {
    String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
    String host = Objects.requireNonNullElse(uri.getHost(), "").toLowerCase(Locale.ROOT);
    boolean web = scheme.equals("http") || scheme.equals(HTTPS);
    if (!web || host.isEmpty() || uri.getUserInfo() != null) {
      throw new HubException(
          "\""
              + shown(uri)
              + "\" is not an address Demur follows; expected http(s)://HOST[:PORT]/…");
    }
    int usual = scheme.equals(HTTPS) ? 443 : 80;
    return new Origin(scheme, host, uri.getPort() < 0 ? usual : uri.getPort());
  }

  boolean isEncrypted() {
    return scheme.equals(HTTPS);
  }

  /// Whether the address is this machine itself.
  boolean isLocal() {
    return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
  }

  /// An address without what may be secret: signed links carry their signature in the query.
  static String shown(URI uri) {
    String text = uri.toString();
    int query = text.indexOf('?');
    String plain = query < 0 ? text : text.substring(0, query);
    return plain.replaceFirst("//[^/@]*@", "//…@");
  }

  @Override
  public String toString() {
    return host + (port == 443 || port == 80 ? "" : ":" + port);
  }
}
