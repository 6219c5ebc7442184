package io.liiklus.positions.redis;

import static io.liiklus.api.OpenPositions.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.memory.SharedLogs;
import io.liiklus.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways that share logs without groups, and coordinate theirs in a real Redis. */
class GroupsOverRedisIT {

  private static final int PARTITIONS = 4;
  private static final String TOPIC = "topic";

  /** Several times the silence after which a gateway is dead. */
  private static final Duration OUTAGE = Duration.ofSeconds(7);

  private final SharedLogs logs = new SharedLogs();
  private final RecordingListener here = new RecordingListener();
  private final RecordingListener there = new RecordingListener();

  private RedisServer redis;
  private OpenPositions first;
  private OpenPositions second;
  private RecordsStorage one;
  private RecordsStorage other;

  @BeforeEach
  void starts() {
    redis = RedisServer.start();
    first =
        OpenPositions.open(new RedisPositionsStorageFactory(), TestSettings.at(redis.uri()))
            .untilConnected();
    second =
        OpenPositions.open(new RedisPositionsStorageFactory(), TestSettings.at(redis.uri()))
            .untilConnected();
    logs.create(TOPIC, PARTITIONS);
    one = logs.gateway(first.coordination());
    other = logs.gateway(second.coordination());
    var request = new SubscriptionRequest(TOPIC, "group", AutoOffsetReset.EARLIEST);
    one.subscribe(request, here);
    other.subscribe(request, there);
    awaitShared();
  }

  @AfterEach
  void ends() {
    other.close();
    one.close();
    second.close();
    first.close();
    redis.close();
  }

  private void awaitShared() {
    await()
        .atMost(OpenPositions.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(here.held()).hasSize(PARTITIONS / 2);
              assertThat(there.held()).hasSize(PARTITIONS / 2);
              var all = new TreeSet<>(here.held().keySet());
              all.addAll(there.held().keySet());
              assertThat(all).hasSize(PARTITIONS);
            });
  }

  /** A record into each partition, read by whoever has the partition. */
  private void passRecords() {
    var values = IntStream.range(0, PARTITIONS).mapToObj(i -> new byte[] {(byte) i}).toList();
    var wanted =
        values.stream()
            .map(value -> new RecordToPublish(TOPIC, null, value, List.of()))
            .map(record -> answer(one.publish(record, Duration.ofSeconds(1))).partition())
            .collect(Collectors.toSet());
    assertThat(wanted).hasSize(PARTITIONS);
    for (int partition : wanted) {
      var owner = here.held().containsKey(partition) ? here : there;
      assertThat(answer(owner.reader(partition).read()).size()).isPositive();
    }
  }

  @Test
  void outageOfRedis_movesNothingAndRecordsFlowOn() {
    var before = Set.copyOf(here.held().keySet());
    // Whoever came first has handed some over to the other.
    int revokedHere = here.revoked().size();
    int revokedThere = there.revoked().size();
    redis.pause();

    long endNs = System.nanoTime() + OUTAGE.toNanos();
    while (System.nanoTime() - endNs < 0) {
      passRecords();
    }
    redis.resume();

    passRecords();
    await()
        .during(Duration.ofSeconds(3))
        .atMost(OpenPositions.PATIENCE)
        .untilAsserted(() -> assertThat(here.held().keySet()).isEqualTo(before));
    assertThat(here.lost()).isEmpty();
    assertThat(there.lost()).isEmpty();
    assertThat(here.revoked()).hasSize(revokedHere);
    assertThat(there.revoked()).hasSize(revokedThere);
  }

  @Test
  void gatewayThatIsCutOff_leavesItsPartitionsToTheOther() {
    second.close();

    await()
        .atMost(OpenPositions.PATIENCE)
        .untilAsserted(() -> assertThat(here.held()).hasSize(PARTITIONS));
  }

  @Test
  void redisThatForgetsEverything_isJoinedAnew() {
    try (var admin = new Original(redis.uri())) {
      admin.redis().flushall();
    }

    await()
        .atMost(OpenPositions.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(here.lost()).isNotEmpty();
              assertThat(there.lost()).isNotEmpty();
            });
    awaitShared();
    passRecords();
  }

  @Test
  void gatewayThatLeaves_leavesNothingInRedis() {
    other.close();
    await()
        .atMost(OpenPositions.PATIENCE)
        .untilAsserted(() -> assertThat(here.held()).hasSize(PARTITIONS));

    one.close();

    try (var admin = new Original(redis.uri())) {
      assertThat(admin.redis().keys("*")).isEmpty();
    }
  }
}
