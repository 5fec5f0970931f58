package dev.demur.app.command.serve;

import dev.demur.model.local.RegularFile;
import dev.demur.serve.http.Key;
import dev.demur.serve.http.Limits;
import dev.demur.serve.http.ListenSettings;
import dev.demur.serve.http.ListenSettings.Certificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where and for whom a server listens.
final class ListenOptions {

  /// The key, for those who keep it in no file.
  private static final String KEY_VARIABLE = "DEMUR_SERVE_KEY";

  /// What another machine may ask for in a minute.
  private static final int USUAL_RATE = 600;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on; any but a loopback one needs a key (default: 127.0.0.1).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on; 0 takes a free one (default: 8080).")
  private int port = 8080;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "File with the key that clients must send (Authorization: Bearer KEY); or put it into"
              + " DEMUR_SERVE_KEY.")
  private @Nullable Path keyFile;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate chain (PEM); with --tls-key, the server speaks HTTPS.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Key of the certificate (PEM).")
  private @Nullable Path certificateKey;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "Requests one address may send in a minute; 0 is no limit (default: 600, or 0 on a"
              + " loopback address).")
  private @Nullable Integer rate;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      defaultValue = "4194304",
      description = "Largest body of a request (default: 4194304).")
  private int maxBody = 4 << 20;

  @Option(
      names = "--answer-time",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "After so long an answer is given up (default: 600).")
  private int answerTime = 600;

  ListenSettings settings() throws IOException {
    var usual = Limits.usual();
    var key = key();
    var limits =
        new Limits(
            maxBody,
            usual.headerBytes(),
            usual.connections(),
            usual.requestTime(),
            Duration.ofSeconds(answerTime),
            rate == null ? 0 : rate);
    var settings = new ListenSettings(host, port, key, tls(), limits);
    return rate != null || settings.isLoopback()
        ? settings
        : new ListenSettings(host, port, key, tls(), limits.withRate(USUAL_RATE));
  }

  private Optional<Key> key() throws IOException {
    if (keyFile != null) {
      return Optional.of(Key.of(RegularFile.text(keyFile)));
    }
    return Optional.ofNullable(System.getenv(KEY_VARIABLE))
        .filter(text -> !text.isBlank())
        .map(Key::of);
  }

  private Optional<Certificate> tls() throws IOException {
    if (certificate == null && certificateKey == null) {
      return Optional.empty();
    }
    if (certificate == null || certificateKey == null) {
      throw new IllegalArgumentException("--tls-cert and --tls-key belong together; give both");
    }
    return Optional.of(
        new Certificate(RegularFile.of(certificate), RegularFile.of(certificateKey)));
  }

  /// Where a browser finds the server.
  String url(int openedPort) {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return (certificate == null ? "http://" : "https://") + name + ":" + openedPort;
  }
}
