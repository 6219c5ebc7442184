package io.liiklus.storage.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.testing.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gateway that was let in, and is not when it connects again, until its user is put back. */
class RefusedReconnectIT {

  private static final Duration BOUND = Duration.ofSeconds(60);

  private static KafkaCluster cluster;

  @BeforeAll
  static void start() {
    // A member of the newer protocol that is not let in cannot leave either.
    cluster =
        KafkaCluster.start(
            1,
            Map.of(
                "group.consumer.min.session.timeout.ms", "6000",
                "group.consumer.session.timeout.ms", "6000",
                "group.consumer.min.heartbeat.interval.ms", "1000",
                "group.consumer.heartbeat.interval.ms", "1000"));
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** A storage with a subscription, of a user of its own. Confined to the test's thread. */
  private static final class Subscribed implements AutoCloseable {
    private final String topic = "topic-" + UUID.randomUUID();
    private final String group = "group-" + topic;
    private final ScramUser user = ScramUser.of(cluster);
    private final List<String> read = new CopyOnWriteArrayList<>();
    private final RecordingListener listener = new RecordingListener().resumeBy(this::positions);
    private final RecordsStorage storage;
    private final Subscription subscription;

    Subscribed(Map<String, String> settings) throws Exception {
      cluster.createTopic(topic, 1);
      user.set(ScramUser.PASSWORD);
      var all = user.settings();
      for (var setting : settings.entrySet()) {
        all = all.with(setting.getKey(), setting.getValue());
      }
      storage = KafkaTestStorage.open(all);
      subscription = storage.subscribe(request(group), listener);
    }

    private CompletionStage<Map<Integer, Long>> positions(Set<Integer> asked) {
      return CompletableFuture.completedStage(
          read.isEmpty() ? Map.of() : Map.of(0, (long) read.size()));
    }

    SubscriptionRequest request(String of) {
      return new SubscriptionRequest(topic, of, AutoOffsetReset.EARLIEST);
    }

    @Override
    public void close() {
      storage.close();
    }
  }

  /** Of both protocols at once: a broker that ends and starts again takes most of the time. */
  @Test
  void runningSubscriptions_goOnWhenTheirUserIsBack() throws Exception {
    try (var classic =
            new Subscribed(
                Map.of(
                    "properties.group.protocol", "classic",
                    "properties.session.timeout.ms", "6000"));
        var newer = new Subscribed(Map.of("properties.group.protocol", "consumer"))) {
      var both = List.of(classic, newer);
      for (var one : both) {
        send(one.topic, 0, 5);
        readUpTo(5, one);
        one.user.delete();
      }

      cluster.stop(1);
      cluster.restart(1);
      for (var one : both) {
        await()
            .atMost(BOUND)
            .until(() -> checkFailure(one.storage).equals(Optional.of(Kind.REFUSED)));
        assertThat(failureOfSubscribe(one)).isEqualTo(Kind.REFUSED);
      }
      for (var one : both) {
        // So for longer than its session lasts the member has asked, and was refused.
        await().atMost(BOUND).until(() -> hasNoMember(one.group));
        send(one.topic, 5, 10);
        assertThat(one.listener.faults()).isEmpty();
        one.user.set(ScramUser.PASSWORD);
      }

      for (var one : both) {
        readUpTo(10, one);
        assertThat(one.read).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(one.listener.faults()).isEmpty();
        await().atMost(BOUND).until(() -> checkFailure(one.storage).isEmpty());
        one.subscription.close().toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private static boolean hasNoMember(String group) throws Exception {
    return cluster
        .admin()
        .describeConsumerGroups(List.of(group))
        .describedGroups()
        .get(group)
        .get(BOUND.toSeconds(), TimeUnit.SECONDS)
        .members()
        .isEmpty();
  }

  /** Of whichever reader is the one of the day. */
  private static void readUpTo(int count, Subscribed one) {
    await()
        .atMost(BOUND)
        .until(
            () -> {
              var reader = one.listener.reader(0);
              if (reader != null) {
                try {
                  RecordBatch batch =
                      reader.read().toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
                  for (int i = 0; i < batch.size(); i++) {
                    one.read.add(UTF_8.decode(batch.value(i).duplicate()).toString());
                  }
                } catch (ExecutionException taken) {
                  assertThat(StorageException.of(taken.getCause()).kind())
                      .isIn(Kind.REVOKED, Kind.LOST, Kind.CLOSED);
                }
              }
              return one.read.size() >= count;
            });
  }

  private static Kind failureOfSubscribe(Subscribed one) {
    var listener = new RecordingListener();
    var unused = one.storage.subscribe(one.request("another-" + one.group), listener);
    await().atMost(BOUND).until(() -> !listener.faults().isEmpty());
    return ((StorageException) listener.faults().get(0)).kind();
  }

  private static Optional<Kind> checkFailure(RecordsStorage storage) {
    return storage
        .check()
        .handle(
            (up, failure) ->
                Optional.ofNullable(failure).map(StorageException::of).map(StorageException::kind))
        .toCompletableFuture()
        .orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  private static void send(String topic, int from, int to) {
    var text = new StringSerializer();
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", cluster.bootstrapServers()), text, text)) {
      for (int number = from; number < to; number++) {
        var unused = producer.send(new ProducerRecord<>(topic, Integer.toString(number)));
      }
      producer.flush();
    }
  }
}
