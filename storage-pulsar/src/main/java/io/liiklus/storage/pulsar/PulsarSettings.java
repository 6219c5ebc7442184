package io.liiklus.storage.pulsar;

import io.liiklus.api.Settings;
import io.liiklus.storage.group.CoordinationSettings;
import io.liiklus.storage.group.GroupSettings;
import io.liiklus.storage.read.ReadSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pulsar.client.api.Authentication;

/**
 * Settings below {@code pulsar}; {@code reference.conf} has the meaning of each. Immutable.
 *
 * @param authentication null: none
 */
record PulsarSettings(
    String serviceUrl,
    String namespace,
    Optional<Path> trustedCertificates,
    boolean isHostVerified,
    Authentication authentication,
    boolean isOfEntries,
    Optional<String> adminUrl,
    int receiverQueueSize,
    long memoryLimit,
    long maxRecordBytes,
    boolean batches,
    Duration operationTimeout,
    boolean isLocal,
    CoordinationSettings groups) {

  private static final List<String> SCHEMES =
      List.of("pulsar://", "pulsar+ssl://", "http://", "https://");

  private static final String NAME = "[-=:.\\w]+";
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;

  /** Room for records that wait for a client, for each partition of a group. */
  private static final long READ_AHEAD = 512 * KIB;

  private static final long TAIL_CACHE = MIB;
  private static final long TAIL_CACHES = 64 * MIB;
  private static final int CATCH_UP_READERS = 4;
  private static final int CPU_PERCENT_BY_PROCESSORS = 0;
  private static final Duration LOOKUP_RETRY = Duration.ofMillis(200);

  /** Reads and refuses. */
  static PulsarSettings read(Settings settings) {
    boolean isOfEntries = settings.choice("offsets", "record", "entry").equals("entry");
    long memoryLimit = settings.bytes("memoryLimit", 64 * KIB, 16 * GIB);
    long maxRecordBytes = settings.bytes("maxRecordBytes", KIB, GIB);
    if (maxRecordBytes > memoryLimit) {
      settings.refuse(
          "maxRecordBytes",
          "is %d; at most memoryLimit, which is %d".formatted(maxRecordBytes, memoryLimit));
    }
    boolean isLocal = settings.flag("groups.local");
    return new PulsarSettings(
        serviceUrl(settings),
        name(settings, "tenant") + "/" + name(settings, "namespace"),
        settings.readableFile("tlsTrustCertsFilePath"),
        settings.flag("tlsHostnameVerification"),
        PulsarLogin.read(settings),
        isOfEntries,
        adminUrl(settings),
        settings.integer("receiverQueueSize", 1, 100_000),
        memoryLimit,
        maxRecordBytes,
        // A batch would have one number.
        settings.flag("batching") && !isOfEntries,
        settings.duration("operationTimeout", Duration.ofMillis(250), Duration.ofMinutes(5)),
        isLocal,
        CoordinationSettings.read(settings));
  }

  private static String serviceUrl(Settings settings) {
    var url = settings.text("serviceUrl").strip();
    if (SCHEMES.stream().noneMatch(url::startsWith)) {
      settings.refuse(
          "serviceUrl", (url.isEmpty() ? "is empty" : "is " + url) + "; pulsar://HOST:PORT");
    }
    return url;
  }

  private static Optional<String> adminUrl(Settings settings) {
    var url = settings.text("adminUrl").strip();
    if (!url.isEmpty() && !url.startsWith("http://") && !url.startsWith("https://")) {
      settings.refuse("adminUrl", "is " + url + "; http://HOST:PORT or https://HOST:PORT");
      return Optional.empty();
    }
    return url.isEmpty() ? Optional.empty() : Optional.of(url.replaceAll("/+$", ""));
  }

  private static String name(Settings settings, String key) {
    var name = settings.text(key).strip();
    if (!name.matches(NAME)) {
      settings.refuse(key, "is '" + name + "'; letters, digits, and _ - = : .");
    }
    return name;
  }

  ReadSettings reading() {
    return new ReadSettings(
        READ_AHEAD,
        1,
        TAIL_CACHE,
        TAIL_CACHES,
        CATCH_UP_READERS,
        TAIL_CACHES,
        CPU_PERCENT_BY_PROCESSORS);
  }

  /** Ledgers of a topic that was made anew have other numbers; an unreadable record ends reads. */
  GroupSettings subscriptions() {
    return new GroupSettings(LOOKUP_RETRY, Duration.ofHours(1), false);
  }
}
