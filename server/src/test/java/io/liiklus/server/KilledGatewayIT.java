package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.grpc.StatusRuntimeException;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayProcess;
import io.liiklus.server.gateway.UnpackedRelease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway on its embedded file that is killed again and again while records are published and
 * acknowledged: {@code -Dliiklus.kills=50} for more of that.
 */
class KilledGatewayIT {

  private static final int KILLS = Integer.getInteger("liiklus.kills", 5);
  private static final int PUBLISHERS = 4;
  private static final int BATCH = 20;
  private static final Duration LONGEST_FLOOD = Duration.ofMillis(1500);
  private static final String TOPIC = "flood";
  private static final String ACKED = "acked";

  private record Place(int partition, long offset) {}

  /** Of values that were answered OK. */
  private final Map<String, Place> answered = new ConcurrentHashMap<>();

  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final Random random = new Random(1);

  /** Of the partition with the number 0, by the one thread that acknowledges. */
  private volatile long sentAck = -1;

  private volatile long storedAck = -1;

  @TempDir private Path folder;

  @Test
  void killedGateway_hasWhatItAnswered() throws Exception {
    var release = UnpackedRelease.in(folder);
    try (var gateway =
        new GatewayProcess(release, Map.of(), "--sql.partitions=" + Backend.PARTITIONS)) {
      for (int kill = 0; kill < KILLS; kill++) {
        gateway.start();
        int before = answered.size();
        flood(gateway);
        assertThat(answered).hasSizeGreaterThan(before);
      }
      gateway.start();
      check(gateway);
    }
  }

  /** Until the gateway is gone. */
  private void flood(GatewayProcess gateway) throws InterruptedException {
    try (var client = new GatewayClient(gateway.port())) {
      var threads = new ArrayList<Thread>();
      for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
        var key = "key-" + publisher;
        threads.add(new Thread(() -> publish(client, key), key));
      }
      threads.add(new Thread(() -> acknowledge(client), "acks"));
      threads.forEach(Thread::start);
      // The first calls find a gateway that has loaded nothing yet: it is to be killed under load.
      int enough = answered.size() + PUBLISHERS * BATCH;
      await().atMost(GatewayClient.PATIENCE).until(() -> answered.size() >= enough);
      Thread.sleep(random.nextInt((int) LONGEST_FLOOD.toMillis()));
      gateway.kill();
      for (var thread : threads) {
        thread.join();
      }
    }
  }

  /** One record and a batch of some in turn, each call once the one before is answered. */
  private void publish(GatewayClient client, String key) {
    try {
      while (true) {
        var single = next(key);
        var reply = client.publish(TOPIC, key, single);
        answered.put(single, new Place(reply.getPartition(), reply.getOffset()));
        var batch = IntStream.range(0, BATCH).mapToObj(i -> next(key)).toList();
        var results =
            client.publishBatch(batch.stream().map(value -> request(key, value)).toList());
        for (int i = 0; i < batch.size(); i++) {
          var result = results.get(i);
          if (!result.hasReply()) {
            return;
          }
          var stored = result.getReply();
          answered.put(batch.get(i), new Place(stored.getPartition(), stored.getOffset()));
        }
      }
    } catch (StatusRuntimeException killed) {
      // What it had not answered may be stored or not.
    }
  }

  private String next(String key) {
    return key + ":" + numbers.merge(key, 1, Integer::sum);
  }

  private static PublishRequest request(String key, String value) {
    return PublishRequest.newBuilder()
        .setTopic(TOPIC)
        .setKey(GatewayClient.bytes(key))
        .setValue(GatewayClient.bytes(value))
        .build();
  }

  private void acknowledge(GatewayClient client) {
    try {
      for (long offset = sentAck + 1; ; offset++) {
        sentAck = offset;
        client.ack(TOPIC, ACKED, 0, 0, offset);
        storedAck = offset;
      }
    } catch (StatusRuntimeException killed) {
      // The last one may be stored or not.
    }
  }

  private void check(GatewayProcess gateway) {
    try (var client = new GatewayClient(gateway.port())) {
      var log = read(client);
      answered.forEach(
          (value, place) ->
              assertThat(log.get(place.partition()).get((int) place.offset()))
                  .as("%s of %s", place, value)
                  .isEqualTo(value));
      requireOnceAndInOrder(log);
      assertThat(client.offsets(TOPIC, ACKED, 0).get(0)).isIn(storedAck, sentAck);
    }
  }

  private static void requireOnceAndInOrder(Map<Integer, List<String>> log) {
    var seen = new HashSet<String>();
    var last = new HashMap<String, Integer>();
    for (var values : log.values()) {
      for (var value : values) {
        assertThat(seen.add(value)).as("%s is there once", value).isTrue();
        var key = value.substring(0, value.indexOf(':'));
        int number = Integer.parseInt(value.substring(key.length() + 1));
        assertThat(last.getOrDefault(key, 0)).as("before %s", value).isLessThan(number);
        last.put(key, number);
      }
    }
  }

  /** All values of each partition, whose offsets begin at 0 and have no gap. */
  private static Map<Integer, List<String>> read(GatewayClient client) {
    var log = new HashMap<Integer, List<String>>();
    var ends = client.endOffsets(TOPIC);
    try (var subscription = client.subscribe(TOPIC, "readers", 0)) {
      GatewayClient.assignments(subscription)
          .forEach(
              (partition, assignment) -> {
                var values = new ArrayList<String>();
                int count = (int) (ends.getOrDefault(partition, -1L) + 1);
                for (var reply : client.receive(assignment).take(count)) {
                  assertThat(reply.getRecord().getOffset()).isEqualTo(values.size());
                  values.add(value(reply));
                }
                log.put(partition, values);
              });
    }
    return log;
  }

  private static String value(ReceiveReply reply) {
    return reply.getRecord().getValue().toStringUtf8();
  }
}
