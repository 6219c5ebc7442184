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
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.testing.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void runningSubscription_goesOnWhenItsUserIsBack(String protocol) throws Exception {
    var topic = "topic-" + UUID.randomUUID();
    cluster.createTopic(topic, 1);
    var user = ScramUser.of(cluster);
    user.set(ScramUser.PASSWORD);
    try (var storage =
        KafkaTestStorage.open(user.settings().with("properties.group.protocol", protocol))) {
      send(topic, 0, 5);
      var read = new CopyOnWriteArrayList<String>();
      var listener =
          new RecordingListener()
              .resumeBy(
                  asked ->
                      CompletableFuture.completedStage(
                          read.isEmpty() ? Map.of() : Map.of(0, (long) read.size())));
      var subscription =
          storage.subscribe(
              new SubscriptionRequest(topic, "group-" + topic, AutoOffsetReset.EARLIEST), listener);
      readUpTo(5, listener, read);

      user.delete();
      cluster.stop(1);
      cluster.restart(1);
      await().atMost(BOUND).until(() -> checkFailure(storage).equals(Optional.of(Kind.REFUSED)));
      assertThat(failureOfSubscribe(storage, topic)).isEqualTo(Kind.REFUSED);
      // So for longer than its session lasts the member has asked, and was refused.
      await().atMost(BOUND).until(() -> hasNoMember("group-" + topic));
      send(topic, 5, 10);
      assertThat(listener.faults()).isEmpty();

      user.set(ScramUser.PASSWORD);

      readUpTo(10, listener, read);
      assertThat(read).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
      assertThat(listener.faults()).isEmpty();
      await().atMost(BOUND).until(() -> checkFailure(storage).isEmpty());
      subscription.close().toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
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
  private static void readUpTo(int count, RecordingListener listener, List<String> read) {
    await()
        .atMost(BOUND)
        .until(
            () -> {
              var reader = listener.reader(0);
              if (reader != null) {
                try {
                  RecordBatch batch =
                      reader.read().toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
                  for (int i = 0; i < batch.size(); i++) {
                    read.add(UTF_8.decode(batch.value(i).duplicate()).toString());
                  }
                } catch (ExecutionException taken) {
                  assertThat(StorageException.of(taken.getCause()).kind())
                      .isIn(Kind.REVOKED, Kind.LOST, Kind.CLOSED);
                }
              }
              return read.size() >= count;
            });
  }

  private static Kind failureOfSubscribe(RecordsStorage storage, String topic) {
    var listener = new RecordingListener();
    var unused =
        storage.subscribe(
            new SubscriptionRequest(topic, "another-" + topic, AutoOffsetReset.EARLIEST), listener);
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
