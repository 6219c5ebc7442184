package io.liiklus.storage.pulsar;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingFaults;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.ConsumerCryptoFailureAction;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.SizeUnit;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.common.api.proto.CommandGetTopicsOfNamespace.Mode;
import org.apache.pulsar.common.naming.NamespaceName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client, and topics as it names them. Thread-safe. */
final class PulsarConnection {

  private static final Logger log = LoggerFactory.getLogger(PulsarConnection.class);

  /** What Pulsar puts behind the name of a topic, to name one of its partitions. */
  private static final Pattern PARTITION = Pattern.compile("-partition-\\d+$");

  /** A topic that is asked for to see whether a broker answers. */
  private static final String CHECKED = "liiklus-check";

  private static final int IO_THREADS = 2;

  /** A broker that hangs is left in about twice as long. */
  private static final int PING_SECONDS = 5;

  private static final long MAX_BACKOFF_MS = 1_000;

  private final PulsarSettings settings;
  private final PulsarClient client;
  private final StandingFaults faults = new StandingFaults(System::nanoTime);

  /** Full names of partitions, by topic, as last found. Bounded by the topics in use. */
  private final Map<String, List<String>> known = new ConcurrentHashMap<>();

  private PulsarConnection(PulsarSettings settings, PulsarClient client) {
    this.settings = settings;
    this.client = client;
  }

  /** Opens the client, which connects when it is used. */
  static PulsarConnection open(PulsarSettings settings) {
    int timeoutMs = Math.toIntExact(settings.operationTimeout().toMillis());
    try {
      var builder =
          PulsarClient.builder()
              .serviceUrl(settings.serviceUrl())
              .operationTimeout(timeoutMs, TimeUnit.MILLISECONDS)
              .lookupTimeout(timeoutMs, TimeUnit.MILLISECONDS)
              .connectionTimeout(timeoutMs, TimeUnit.MILLISECONDS)
              .keepAliveInterval(PING_SECONDS, TimeUnit.SECONDS)
              .maxBackoffInterval(MAX_BACKOFF_MS, TimeUnit.MILLISECONDS)
              .enableTlsHostnameVerification(settings.isHostVerified())
              // Publishes are bounded before the client has them.
              .memoryLimit(0, SizeUnit.BYTES)
              // Set by its name: the method is deprecated.
              .loadConf(Map.of("statsIntervalSeconds", 0))
              .ioThreads(IO_THREADS);
      settings.trustedCertificates().ifPresent(file -> builder.tlsTrustCertsFilePath("" + file));
      if (settings.authentication() != null) {
        builder.authentication(settings.authentication());
      }
      return new PulsarConnection(settings, builder.build());
    } catch (PulsarClientException | IllegalArgumentException refused) {
      throw new StorageException(
          Kind.PRECONDITION, "the client of Pulsar cannot be opened: " + refused.getMessage());
    }
  }

  PulsarSettings settings() {
    return settings;
  }

  PulsarClient client() {
    return client;
  }

  String fullName(String topic) {
    return "persistent://" + settings.namespace() + "/" + topic;
  }

  /**
   * @throws StorageException where the name is one of a partition
   */
  static void requireName(String topic) {
    if (PARTITION.matcher(topic).find()) {
      throw StorageException.notStored(
          Kind.PRECONDITION,
          "topic: %s is Pulsar's name for one partition; name the topic".formatted(topic));
    }
  }

  /** Full names of the partitions, by number; empty where there is no such topic. */
  CompletionStage<List<String>> partitions(String topic) {
    return client
        .getPartitionsForTopic(fullName(topic), false)
        .handle(
            (found, failure) -> {
              if (failure == null) {
                known.put(topic, List.copyOf(found));
                return found;
              }
              var reason = failure(failure);
              known.remove(topic);
              if (reason.kind() != Kind.UNKNOWN_TOPIC) {
                throw reason;
              }
              return List.of();
            });
  }

  /** Full name of a partition; fails where there is none. */
  CompletionStage<String> partition(String topic, int partition) {
    var found = known.get(topic);
    return found != null && partition >= 0 && partition < found.size()
        ? CompletableFuture.completedStage(found.get(partition))
        : partitions(topic).thenApply(names -> name(topic, names, partition));
  }

  private static String name(String topic, List<String> names, int partition) {
    if (partition < 0 || partition >= names.size()) {
      throw StorageException.notStored(
          names.isEmpty() ? Kind.UNKNOWN_TOPIC : Kind.BAD_RECORD,
          "topic %s has no partition %d".formatted(topic, partition));
    }
    return names.get(partition);
  }

  CompletionStage<Set<String>> topics() {
    var namespace = NamespaceName.get(settings.namespace());
    return ((PulsarClientImpl) client)
        .getLookup()
        .getTopicsUnderNamespace(namespace, Mode.PERSISTENT, null, null)
        .handle(
            (found, failure) -> {
              if (failure != null) {
                throw failure(failure);
              }
              return found.getTopics().stream()
                  .map(name -> name.substring(name.lastIndexOf('/') + 1))
                  .map(name -> PARTITION.matcher(name).replaceFirst(""))
                  .filter(name -> !name.startsWith("__"))
                  .collect(Collectors.toSet());
            });
  }

  /** A reader of one partition, from this id on, itself included. */
  CompletableFuture<Reader<byte[]>> open(String partition, MessageId from, int queue) {
    return client
        .newReader()
        .topic(partition)
        .startMessageId(from)
        .startMessageIdInclusive()
        .receiverQueueSize(queue)
        // Told as it is, to be told on as unreadable; else the client would pass over it.
        .cryptoFailureAction(ConsumerCryptoFailureAction.CONSUME)
        .createAsync();
  }

  static void close(Reader<byte[]> reader) {
    var unused = reader.closeAsync();
  }

  /** What the failure means; a refused login is logged, and told by {@link #check}. */
  StorageException failure(Throwable failure) {
    var known = PulsarFailures.of(failure);
    if (PulsarFailures.isLogin(failure)) {
      faults.onLoginRefused(known);
    }
    return known;
  }

  /** Completes when a broker answered just now, whatever. */
  CompletionStage<Void> check() {
    return client
        .getPartitionsForTopic(fullName(CHECKED), false)
        .handle(
            (found, failure) -> {
              if (failure != null && failure(failure).kind() != Kind.UNKNOWN_TOPIC) {
                throw failure(failure);
              }
              return null;
            })
        .thenCompose(answered -> faults.check());
  }

  StandingFaults faults() {
    return faults;
  }

  /** Within the time of a call; what is left of the client then goes with its threads. */
  void close() {
    try {
      client.closeAsync().get(settings.operationTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      log.debug("the client of Pulsar did not close, reason={}", failure.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
