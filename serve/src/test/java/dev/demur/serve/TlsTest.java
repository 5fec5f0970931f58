package dev.demur.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.serve.http.Limits;
import dev.demur.serve.http.ListenSettings;
import dev.demur.serve.http.ListenSettings.Certificate;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/// The server with a certificate; that of the tests is nobody's.
class TlsTest {

  private static Path resource(String name) throws Exception {
    return Path.of(TlsTest.class.getResource("/tls/" + name).toURI());
  }

  private static SSLContext trusting() throws Exception {
    try (InputStream in = TlsTest.class.getResourceAsStream("/tls/chain.pem")) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "test", CertificateFactory.getInstance("X.509").generateCertificate(in));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    }
  }

  @Test
  void answersAreEncryptedAndStreamed() throws Exception {
    var certificate = new Certificate(resource("chain.pem"), resource("key.pem"));
    var listen =
        new ListenSettings(
            "127.0.0.1", 0, Optional.empty(), Optional.of(certificate), Limits.usual());
    try (var server = TestServer.open(TestServer.settings(listen));
        var client = HttpClient.newBuilder().sslContext(trusting()).build()) {
      var asked =
          HttpRequest.newBuilder(
                  URI.create("https://127.0.0.1:" + server.server.port() + "/v1/completions"))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"prompt\": \"Bread\", \"max_tokens\": 3, \"stream\": true}"))
              .build();
      var answer = client.send(asked, BodyHandlers.ofLines());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body().collect(Collectors.joining())).endsWith("data: [DONE]");
    }
  }
}
