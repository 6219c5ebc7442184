package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.StorageException;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.kafka.read.KafkaLogReaders;
import io.liiklus.storage.read.FetchListener;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.PartitionFetcher;
import io.liiklus.storage.read.ReadSettings;
import io.liiklus.storage.read.SteppedReading;
import io.liiklus.testing.KafkaCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A leader that has not all records, against real brokers. The readers are turned by the test, so
 * that the log is cut and has grown again before they look.
 */
@Timeout(180)
class LogCutIT {

  private static final String TOPIC = "cut";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void cutBetweenCatchUpAndTail_isFound() throws Exception {
    try (var cluster = KafkaCluster.start(3)) {
      var onTwo =
          new NewTopic(TOPIC, Map.of(0, List.of(1, 2)))
              .configs(
                  Map.of("min.insync.replicas", "1", "unclean.leader.election.enable", "true"));
      cluster.admin().createTopics(List.of(onTwo)).all().get();
      publish(cluster, 10);
      cluster.kill(2);
      publish(cluster, 10);
      try (var group = new Group(cluster)) {
        group.readTo(20);
        await().atMost(PATIENCE).until(group::isAtTail);

        cluster.kill(1);
        cluster.restart(2);
        await().atMost(PATIENCE).until(() -> leader(cluster) == 2);
        publish(cluster, 30);

        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(group.turn()).contains("20, cut at 10"));
      }
    }
  }

  /** Returns when each replica that is in sync has them. */
  private static void publish(KafkaCluster cluster, int count) throws Exception {
    var settings =
        Map.<String, Object>of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        var value = "value".getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(TOPIC, 0, null, value)).get();
      }
    }
  }

  private static int leader(KafkaCluster cluster) throws Exception {
    var topic = cluster.admin().describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC);
    var leader = topic.partitions().get(0).leader();
    return leader == null ? -1 : leader.id();
  }

  /** Reads the partition from its start, with a tail reader and a catch-up reader. */
  private static final class Group implements FetchListener, AutoCloseable {

    private static final LogId LOG = new LogId(TOPIC, 0, "1");

    private final List<String> outOfRange = new ArrayList<>();
    private final SteppedReading reading;
    private final PartitionFetcher fetcher;

    private Group(KafkaCluster cluster) {
      var settings = KafkaSettings.read(KafkaTestStorage.settings(cluster.bootstrapServers()));
      var faults = new StandingFaults(System::nanoTime);
      var readers = new KafkaLogReaders(settings.clients(), faults, settings.closeTimeout());
      reading =
          new SteppedReading(
              new ReadSettings(1_000_000, 1, 1_000_000, 1_000_000, 1, 1_000_000, 100),
              readers,
              SteppedReading.POLL,
              System::nanoTime);
      fetcher =
          reading.fetcher(
              LOG,
              0,
              this,
              () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
      fetcher.resume(0, FetchPosition.named(0), false);
    }

    private void readTo(long offset) {
      long next = 0;
      while (next < offset) {
        var read = fetcher.reader().read().toCompletableFuture();
        while (!read.isDone()) {
          turn();
        }
        var batch = read.join();
        next = batch.offset(batch.size() - 1) + 1;
      }
      assertThat(next).isEqualTo(offset);
    }

    private boolean isAtTail() {
      turn();
      return reading.isAtTail(LOG);
    }

    private List<String> turn() {
      if (reading.catchUps() > 0) {
        reading.turnCatchUp(0);
      }
      reading.turnTail(0);
      return outOfRange;
    }

    @Override
    public void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt) {
      outOfRange.add(offset + ", cut at " + cutAt);
    }

    @Override
    public void onTailOutOfRange(PartitionFetcher fetcher, long generation) {
      fetcher.resume(generation);
    }

    @Override
    public boolean onUnreadable(
        PartitionFetcher fetcher, long generation, long offset, String reason) {
      throw new AssertionError("unreadable at " + offset + ": " + reason);
    }

    @Override
    public void onMachineFault(PartitionFetcher fetcher, long generation) {
      throw new AssertionError("a fault of the machine");
    }

    @Override
    public void onRefused(StorageException reason) {
      throw new AssertionError(reason);
    }

    @Override
    public void close() {
      reading.close();
    }
  }
}
