package io.liiklus.server.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.liiklus.testing.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An issuer's server of a JSON Web Key Set, by HTTPS on 127.0.0.1. Thread-safe. */
public final class KeyServer implements AutoCloseable {

  /** How a request is answered. */
  @FunctionalInterface
  public interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private static final char[] NO_PASSWORD = {};

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Answer answer;

  private KeyServer(HttpsServer server) {
    this.server = server;
  }

  public static KeyServer start(TlsFiles tls, String jwks) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context(tls)));
      var keys = new KeyServer(server);
      keys.serve(jwks);
      server.createContext("/keys", keys::handle);
      server.setExecutor(keys.threads);
      server.start();
      return keys;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static SSLContext context(TlsFiles tls) throws IOException, GeneralSecurityException {
    Certificate certificate;
    try (var in = Files.newInputStream(tls.certificate())) {
      certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    var base64 = Files.readString(tls.key()).replaceAll("-----.*-----|\\s", "");
    var key =
        KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", key, NO_PASSWORD, new Certificate[] {certificate});
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, NO_PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  public String url() {
    return "https://localhost:" + server.getAddress().getPort() + "/keys";
  }

  public void serve(String jwks) {
    serve(200, jwks.getBytes(StandardCharsets.UTF_8));
  }

  public void serve(int status, byte[] body) {
    answer(
        exchange -> {
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
        });
  }

  /** From now on. */
  public void answer(Answer next) {
    answer = next;
  }

  /** How many came so far. */
  public int requests() {
    return requests.get();
  }

  private void handle(HttpExchange exchange) {
    requests.incrementAndGet();
    try (exchange) {
      answer.to(exchange);
    } catch (IOException hungUp) {
      // As a client does that has seen enough.
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}
