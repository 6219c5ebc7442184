package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import io.lettuce.core.RedisClient;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** More acks than Redis gets writes. */
class AckFloodIT {

  private static final int GROUPS = 8;
  private static final int PARTITIONS = 16;
  private static final int ROUNDS = 160;
  private static final int ACKS = GROUPS * PARTITIONS * ROUNDS;
  private static final int WRITES_PER_SECOND = 10;

  private static final Pattern HSETS = Pattern.compile("cmdstat_hset:calls=(\\d+),");
  private static final Pattern WRITES =
      Pattern.compile("liiklus_position_writes_total (\\d+)\\.0\n");

  private final Semaphore room = new Semaphore(ACKS);
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Test
  void floodOverManyPositions_isAFewWritesOfTheLastValues() throws Exception {
    try (var redis = RedisServer.start();
        var gateway =
            Gateway.start(
                "--storage.positions.type=REDIS",
                "--redis.host=" + redis.host(),
                "--redis.port=" + redis.port(),
                "--redis.commandTimeout=60s",
                "--redis.heartbeat=60s",
                "--ack.timeout=60s",
                "--ack.maxWritesPerSecond=" + WRITES_PER_SECOND);
        var one = new GatewayClient(gateway.port());
        var other = new GatewayClient(gateway.port())) {
      // So that all connections stand: a client sends in no order what waited for its connection.
      assertThat(one.offsets("topic", "group-0", 1)).isEmpty();
      assertThat(other.offsets("topic", "group-0", 1)).isEmpty();

      long startNs = System.nanoTime();
      // Hanging until all acks have come, so that none of them is ever the only one.
      redis.pause();
      var last = flood(List.of(one, other));
      // Their turn on each connection has come when this one is answered.
      assertThat(one.endOffsets("topic")).isEmpty();
      assertThat(other.endOffsets("topic")).isEmpty();
      redis.resume();
      assertThat(room.tryAcquire(ACKS, GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isTrue();
      var took = Duration.ofNanos(System.nanoTime() - startNs);

      assertThat(failures).isEmpty();
      for (int group = 0; group < GROUPS; group++) {
        assertThat(one.offsets("topic", "group-" + group, 1)).isEqualTo(last.get(group));
      }
      long writes = number(HSETS, commandStatistics(redis));
      assertThat(writes).isBetween((long) GROUPS, mostWrites(took));
      var metrics = metrics(gateway);
      assertThat(metrics).contains("liiklus_acks_stored_total " + (double) ACKS + "\n");
      assertThat(number(WRITES, metrics)).isEqualTo(writes);
    }
  }

  /**
   * What the rate lets through, with what has not been written in the time of a burst, and the last
   * ack of all, which may be alone.
   */
  private static long mostWrites(Duration took) {
    long intervalNs = TimeUnit.SECONDS.toNanos(1) / WRITES_PER_SECOND;
    return 2 + took.plus(Duration.ofMillis(50)).toNanos() / intervalNs;
  }

  /** Returns the last offset of each partition by group; every other of them is a step back. */
  private Map<Integer, Map<Integer, Long>> flood(List<GatewayClient> clients)
      throws InterruptedException {
    var last = new HashMap<Integer, Map<Integer, Long>>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int group = 0; group < GROUPS; group++) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          long offset = round % 2 == 0 ? 1_000 + round : round + group + partition;
          last.computeIfAbsent(group, added -> new HashMap<>()).put(partition, offset);
          ack(clients.get(group % clients.size()), "group-" + group, partition, offset);
        }
      }
    }
    return last;
  }

  private void ack(GatewayClient client, String group, int partition, long offset)
      throws InterruptedException {
    room.acquire();
    LiiklusServiceGrpc.newStub(client.channel())
        .ack(
            AckRequest.newBuilder()
                .setTopic("topic")
                .setGroup(group)
                .setGroupVersion(1)
                .setPartition(partition)
                .setOffset(offset)
                .build(),
            new StreamObserver<Empty>() {
              @Override
              public void onNext(Empty stored) {}

              @Override
              public void onError(Throwable failure) {
                failures.add(failure);
                room.release();
              }

              @Override
              public void onCompleted() {
                room.release();
              }
            });
  }

  private static String commandStatistics(RedisServer redis) {
    var client = RedisClient.create(redis.uri());
    try (var connection = client.connect()) {
      return connection.sync().info("commandstats");
    } finally {
      client.shutdown();
    }
  }

  private static String metrics(Gateway gateway) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + gateway.opsPort() + "/prometheus");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  private static long number(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
