package io.liiklus.server.security.jwt;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A JSON Web Key Set behind a URL. Redirects are not followed: they could lead anywhere. Confined
 * to the thread that fetches.
 */
final class HttpsDocument implements KeyDocument {

  private static final int OK = 200;

  private final URI url;
  private final Optional<Path> trustCert;
  private final Duration timeout;

  /** Null until the first fetch, and where the trusted certificates have changed. */
  private HttpClient client;

  /** Contents of the file by which the client was made. */
  private byte[] trusted = {};

  /**
   * @param trustCert certificates in PEM that the server's must be signed by; empty: the JDK's own
   * @param timeout of a whole fetch
   */
  HttpsDocument(URI url, Optional<Path> trustCert, Duration timeout) {
    this.url = url;
    this.trustCert = trustCert;
    this.timeout = timeout;
  }

  @Override
  public String read() throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url).header("Accept", "application/json").GET().build();
    var answer = client().sendAsync(request, unused -> new BoundedBody(MAX_BYTES));
    try {
      var response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != OK) {
        throw new IOException("HTTP status " + response.statusCode());
      }
      return new String(response.body(), StandardCharsets.UTF_8);
    } catch (TimeoutException late) {
      throw new IOException("no whole answer within " + timeout.toMillis() + " ms", late);
    } catch (ExecutionException failure) {
      throw new IOException(reason(failure.getCause()), failure.getCause());
    } finally {
      // Hangs up where it is still under way.
      answer.cancel(true);
    }
  }

  /** The JDK says of an unknown host, and of some others, nothing but the class. */
  private static String reason(Throwable failure) {
    var root = failure;
    while (root.getMessage() == null && root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private HttpClient client() throws IOException {
    var now = trustCert.isEmpty() ? trusted : Files.readAllBytes(trustCert.get());
    if (client == null || !Arrays.equals(now, trusted)) {
      var builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(timeout);
      if (trustCert.isPresent()) {
        builder.sslContext(trusting(trustCert.get()));
      }
      client = builder.build();
      trusted = now;
    }
    return client;
  }

  /**
   * TLS that trusts the certificates of a file and no others.
   *
   * @throws IOException where they cannot be read
   */
  static SSLContext trusting(Path certificates) throws IOException {
    try (var in = Files.newInputStream(certificates)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("trusted-" + number++, certificate);
      }
      if (number == 0) {
        throw new IOException("no certificates in " + certificates);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw new IOException("no certificates in " + certificates, failure);
    }
  }

  /** Without user and password, and without a query that may hold a secret. */
  @Override
  public String toString() {
    var port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getPath();
  }
}
