package io.liiklus.storage.pulsar;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Admin API of the brokers, where its URL is set: retention and new topics. Thread-safe. */
final class PulsarAdmin {

  private static final Logger log = LoggerFactory.getLogger(PulsarAdmin.class);

  /** A topic's retention is looked at so often while groups read it. */
  private static final long CHECK_NS = TimeUnit.HOURS.toNanos(1);

  private static final Pattern MINUTES =
      Pattern.compile("\"retentionTimeInMinutes\"\\s*:\\s*(-?\\d+)");

  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int CONFLICT = 409;

  private final PulsarSettings settings;

  /** Null where there is no URL. */
  private final HttpClient http;

  /** When each topic was looked at. Bounded by the topics that are read. */
  private final Map<String, Long> checkedNs = new ConcurrentHashMap<>();

  PulsarAdmin(PulsarSettings settings) {
    this.settings = settings;
    this.http = settings.adminUrl().isEmpty() ? null : open(settings);
  }

  private static HttpClient open(PulsarSettings settings) {
    var builder = HttpClient.newBuilder().connectTimeout(settings.operationTimeout());
    if (settings.trustedCertificates().isPresent()) {
      builder.sslContext(trusting(settings));
    }
    return builder.build();
  }

  private static SSLContext trusting(PulsarSettings settings) {
    try (var file = Files.newInputStream(settings.trustedCertificates().orElseThrow())) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        store.setCertificateEntry("trusted-" + store.size(), certificate);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException unusable) {
      throw new StorageException(
          Kind.PRECONDITION,
          "pulsar.tlsTrustCertsFilePath: no certificates can be read: " + unusable.getMessage());
    }
  }

  /** Has a topic with as many partitions; one that is there already is left as it is. */
  CompletionStage<Void> createTopic(String topic, int partitions) {
    if (http == null) {
      return CompletableFuture.failedStage(
          new StorageException(
              Kind.PRECONDITION,
              "topic %s has to be created first, or pulsar.adminUrl to be set".formatted(topic)));
    }
    return call(topic, "/partitions", "PUT", Integer.toString(partitions))
        .thenAccept(
            answer -> {
              int status = answer.statusCode();
              if (status != OK && status != NO_CONTENT && status != CONFLICT) {
                throw new StorageException(
                    status / 100 == 4 ? Kind.REFUSED : Kind.UNAVAILABLE,
                    "Pulsar does not create topic %s: status %d".formatted(topic, status));
              }
            });
  }

  /** Looks, once an hour, whether the topic keeps records that nobody subscribed to. */
  void checkRetention(String topic) {
    if (http == null) {
      return;
    }
    long nowNs = System.nanoTime();
    var last = checkedNs.get(topic);
    if (last != null && nowNs - last < CHECK_NS) {
      return;
    }
    checkedNs.put(topic, nowNs);
    var unused =
        call(topic, "/retention?applied=true", "GET", "")
            .whenComplete((answer, failure) -> onRetention(topic, answer, failure));
  }

  private void onRetention(String topic, HttpResponse<String> answer, Throwable failure) {
    if (failure != null || answer.statusCode() / 100 != 2) {
      log.warn(
          "the retention of a topic cannot be looked at, topic={} reason={}",
          topic,
          failure != null ? failure.getMessage() : "status " + answer.statusCode());
      return;
    }
    var minutes = MINUTES.matcher(answer.body());
    if (!minutes.find() || minutes.group(1).equals("0")) {
      log.error(
          "the topic has no retention: Pulsar deletes records before groups have read them,"
              + " topic={} (pulsar-admin namespaces set-retention {} --time 7d --size -1)",
          topic,
          settings.namespace());
    }
  }

  private CompletableFuture<HttpResponse<String>> call(
      String topic, String path, String method, String body) {
    var url =
        "%s/admin/v2/persistent/%s/%s%s"
            .formatted(settings.adminUrl().orElseThrow(), settings.namespace(), topic, path);
    try {
      var request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(settings.operationTimeout())
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body));
      var login = settings.authentication();
      if (login != null) {
        var data = login.getAuthData(URI.create(url).getHost());
        if (data.hasDataForHttp()) {
          data.getHttpHeaders()
              .forEach(header -> request.header(header.getKey(), header.getValue()));
        }
      }
      return http.sendAsync(request.build(), BodyHandlers.ofString());
    } catch (Exception failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }
}
