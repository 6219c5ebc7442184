package io.liiklus.storage.pulsar;

import static org.awaitility.Awaitility.await;

import io.liiklus.testing.PulsarServer;
import java.time.Duration;
import java.util.regex.Pattern;

/** Topics of a server, as an operator makes and trims them. Immutable. */
final class PulsarTopics {

  private static final Pattern LEDGER = Pattern.compile("\"ledgerId\"\\s*:\\s*(\\d+)");
  private static final Duration WAIT = Duration.ofSeconds(15);
  private static final String NAMESPACE = "persistent/public/default/";

  /** Subscription that keeps records, where retention does not. */
  private static final String PIN = "pin";

  private static final String START = "{\"ledgerId\":-1,\"entryId\":-1,\"partitionIndex\":-1}";

  private final PulsarServer server;

  PulsarTopics(PulsarServer server) {
    this.server = server;
  }

  void create(String topic, int partitions) {
    server.admin("PUT", NAMESPACE + topic + "/partitions", Integer.toString(partitions));
    server.admin("PUT", NAMESPACE + topic + "/subscription/" + PIN, START);
  }

  void createWhole(String topic) {
    server.admin("PUT", NAMESPACE + topic, "");
    server.admin("PUT", NAMESPACE + topic + "/subscription/" + PIN, START);
  }

  void grow(String topic, int partitions) {
    server.admin("POST", NAMESPACE + topic + "/partitions", Integer.toString(partitions));
  }

  void unload(String topic) {
    server.admin("PUT", NAMESPACE + topic + "/unload", "");
  }

  /** Has no record up to this ledger and entry any more; whole ledgers go. */
  void trim(String topic, int partition, long ledger, long entry) {
    var part = NAMESPACE + topic + "-partition-" + partition;
    server.admin(
        "POST",
        part + "/subscription/" + PIN + "/resetcursor",
        "{\"ledgerId\":%d,\"entryId\":%d,\"partitionIndex\":-1}".formatted(ledger, entry + 1));
    await()
        .atMost(WAIT)
        .until(
            () -> {
              server.admin("POST", part + "/trim", "");
              return firstLedger(part) > ledger;
            });
  }

  private long firstLedger(String part) {
    var stats = server.admin("GET", part + "/internalStats", "");
    var ledger = LEDGER.matcher(stats.substring(stats.indexOf("\"ledgers\"")));
    return ledger.find() ? Long.parseLong(ledger.group(1)) : -1;
  }
}
