package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.testing.KafkaCluster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
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
  private static final TopicPartition ID = new TopicPartition(TOPIC, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void aCutThatComesBetweenCatchingUpAndTheRingIsFound() throws Exception {
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
        await().atMost(PATIENCE).until(group::isInRing);

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
  private static final class Group extends NoTrouble implements AutoCloseable {

    private final List<String> outOfRange = new ArrayList<>();
    private final List<CatchUpReader> readers = new ArrayList<>();
    private final Uuid topicId = Uuid.randomUuid();
    private final TailCaches caches;
    private final CatchUpReaderPool pool;
    private final PartitionFetcher fetcher;
    private final Set<CatchUpReader> reading = new HashSet<>();

    private Group(KafkaCluster cluster) {
      var settings = KafkaSettings.read(KafkaTestStorage.settings(cluster.bootstrapServers()));
      var clients = settings.clients();
      var faults = new StandingFaults(System::nanoTime);
      caches =
          new TailCaches(
              1,
              () -> new KafkaConsumer<ByteBuffer, ByteBuffer>(clients.tailReader()),
              TailReader.Bounds.of(settings),
              System::nanoTime,
              faults);
      pool =
          new CatchUpReaderPool(
              isPaced -> new KafkaConsumer<ByteBuffer, ByteBuffer>(clients.catchUpReader(isPaced)),
              CatchUpReaderPool.Bounds.of(settings),
              System::nanoTime,
              CatchUpThrottle.free(),
              faults,
              (reader, number) -> readers.add(reader));
      fetcher =
          new PartitionFetcher(
              new PartitionFetcher.Origin(new PartitionLog(ID, topicId), 0),
              new PrefetchingReader.Limits(1_000_000, 1_000_000),
              new PartitionFetcher.Sources(caches, pool),
              this,
              () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
      fetcher.goOn(0, FetchPosition.named(0), false);
    }

    private void readTo(long offset) {
      long next = 0;
      while (next < offset) {
        var read = fetcher.prefetch().read().toCompletableFuture();
        while (!read.isDone()) {
          turn();
        }
        var batch = read.join();
        next = batch.offset(batch.size() - 1) + 1;
      }
      assertThat(next).isEqualTo(offset);
    }

    private boolean isInRing() {
      turn();
      var cache = caches.find(new PartitionLog(ID, topicId));
      return cache != null && cache.hasFollowers();
    }

    private List<String> turn() {
      for (var reader : List.copyOf(readers)) {
        boolean isReading =
            reading.contains(reader) || (pool.isWantedElsewhere() && reader.begin());
        if (isReading && reader.runOnce()) {
          reading.add(reader);
        } else {
          reading.remove(reader);
        }
      }
      caches.readers().get(0).runOnce();
      return outOfRange;
    }

    @Override
    public void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt) {
      outOfRange.add(offset + ", cut at " + cutAt);
    }

    @Override
    public void close() {
      caches.readers().get(0).close();
      caches.readers().get(0).run();
      pool.close();
      readers.forEach(CatchUpReader::run);
    }
  }
}
