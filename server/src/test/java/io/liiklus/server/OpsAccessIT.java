package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.HttpOneSocket;
import io.liiklus.testing.ServerFolder;
import io.liiklus.testing.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The HTTP port with TLS and a token of its own. */
class OpsAccessIT {

  private static final Duration AWAIT = Duration.ofSeconds(60);

  private static TlsFiles first;
  private static TlsFiles second;

  @BeforeAll
  static void createFiles() {
    first = TlsFiles.create(ServerFolder.create("ops"));
    second = TlsFiles.create(ServerFolder.create("ops"));
  }

  private static HttpClient trusting(TlsFiles files) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(files.certificate())) {
      store.setCertificateEntry(
          "trusted", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static HttpResponse<String> get(
      HttpClient client, Gateway gateway, String path, String... authorization)
      throws IOException, InterruptedException {
    var url = URI.create("https://localhost:" + gateway.opsPort() + path);
    var request = HttpRequest.newBuilder(url).timeout(AWAIT);
    Arrays.stream(authorization).forEach(value -> request.header("Authorization", value));
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void pagesBehindTls_wantTheTokenButForHealth() throws Exception {
    try (var gateway =
        Gateway.start(
            "--grpc.tls.key=" + first.key(),
            "--grpc.tls.keyCertChain=" + first.certificate(),
            // Of the clients of gRPC; scrapers and probes need none.
            "--grpc.tls.trustCert=" + second.certificate(),
            "--server.tls=true",
            "--server.token=s3cret")) {
      var client = trusting(first);
      assertThat(get(client, gateway, "/health").statusCode()).isEqualTo(200);
      assertThat(get(client, gateway, "/health/live").statusCode()).isEqualTo(200);
      var refused = get(client, gateway, "/prometheus");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      for (var wrong : List.of("Bearer", "Bearer x", "Basic s3cret", "Bearer s3cret2", "s3cret")) {
        assertThat(get(client, gateway, "/prometheus", wrong).statusCode()).isEqualTo(401);
      }
      var twice = get(client, gateway, "/prometheus", "Bearer s3cret", "Bearer s3cret");
      assertThat(twice.statusCode()).isEqualTo(401);
      // Without it, not even which pages there are.
      assertThat(get(client, gateway, "/other").statusCode()).isEqualTo(401);
      assertThat(get(client, gateway, "/other", "Bearer s3cret").statusCode()).isEqualTo(404);
      var metrics = get(client, gateway, "/prometheus", "bearer s3cret");
      assertThat(metrics.statusCode()).isEqualTo(200);
      assertThat(metrics.body()).contains("liiklus_sessions");
    }
  }

  @Test
  void plainTextToTheTlsPort_isHungUpOn() throws Exception {
    try (var gateway = start(Path.of(first.key().toString()), first.certificate());
        var plain = new HttpOneSocket(gateway.opsPort())) {
      plain.request("GET", "/health");
      assertThatThrownBy(plain::response).isInstanceOf(IOException.class);
      // And the next one is served.
      assertThat(get(trusting(first), gateway, "/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void replacedFiles_areServedHereToo() throws Exception {
    var folder = ServerFolder.create("ops");
    var key = Files.copy(first.key(), folder.resolve("key.pem"));
    var chain = Files.copy(first.certificate(), folder.resolve("chain.pem"));
    try (var gateway = start(key, chain)) {
      assertThat(get(trusting(first), gateway, "/health/live").statusCode()).isEqualTo(200);

      Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
      Files.copy(second.certificate(), chain, StandardCopyOption.REPLACE_EXISTING);

      await()
          .atMost(AWAIT)
          .until(
              () -> {
                try {
                  return get(trusting(second), gateway, "/health/live").statusCode() == 200;
                } catch (IOException oldOne) {
                  return false;
                }
              });
    }
  }

  private static Gateway start(Path key, Path chain) {
    return Gateway.start(
        "--grpc.tls.key=" + key,
        "--grpc.tls.keyCertChain=" + chain,
        "--grpc.tls.reloadInterval=100ms",
        "--server.tls=true");
  }
}
