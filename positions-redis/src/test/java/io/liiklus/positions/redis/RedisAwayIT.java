package io.liiklus.positions.redis;

import static io.liiklus.api.OpenPositions.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.GroupId;
import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis away, slow to come or hung: told in time, and healed by itself. */
class RedisAwayIT {

  private static final PositionId ID = new PositionId("topic", new GroupId("group", 0), 0);
  private static final Duration LATE = Duration.ofSeconds(4);

  private RedisServer redis;

  @BeforeEach
  void starts() {
    redis = RedisServer.start();
  }

  @AfterEach
  void ends() {
    redis.close();
  }

  private MapSettings settings() {
    return TestSettings.at(redis.uri())
        .with("commandTimeout", "1s")
        .with("heartbeat", "500ms")
        .with("connectTimeout", "1s");
  }

  private OpenPositions open() {
    return OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected();
  }

  private static void assertUnavailableInTime(CompletionStage<?> call) {
    long startNs = System.nanoTime();
    assertThat(failure(call).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(LATE);
  }

  private static void assertNothingWorksAndAllSaysSo(OpenPositions open) {
    var storage = open.storage();
    assertUnavailableInTime(storage.store(ID, 1));
    assertUnavailableInTime(storage.find("topic", ID.group()));
    assertUnavailableInTime(storage.findVersions("topic", "group"));
    assertUnavailableInTime(storage.findAll());
    assertUnavailableInTime(storage.check());
  }

  @Test
  void redisAwayAtFirst_isFoundWhenItComes() {
    redis.stop();
    try (var storage = OpenPositions.open(new RedisPositionsStorageFactory(), settings())) {
      assertNothingWorksAndAllSaysSo(storage);
      redis.restart();
      storage.untilConnected();
      storage.store("topic", "group", 0, 5);
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 5L));
    }
  }

  @Test
  void stoppedRedis_isUsedAgainWhenItIsBack() {
    try (var storage = open()) {
      storage.store("topic", "group", 0, 5);
      redis.stop();
      await().atMost(OpenPositions.PATIENCE).until(() -> !storage.isConnected());
      assertNothingWorksAndAllSaysSo(storage);
      redis.restart();
      storage.untilConnected();
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 5L));
      storage.store("topic", "group", 0, 6);
      assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(0, Map.of(0, 6L)));
    }
  }

  @Test
  void hangingRedis_failsCallsByTheirTimeout() {
    try (var storage = open()) {
      storage.store("topic", "group", 0, 5);
      redis.pause();
      assertNothingWorksAndAllSaysSo(storage);
      redis.resume();
      storage.untilConnected();
      storage.store("topic", "group", 0, 7);
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 7L));
    }
  }

  @Test
  void redisHangingAtFirst_isFoundWhenItAnswers() {
    redis.pause();
    try (var storage = OpenPositions.open(new RedisPositionsStorageFactory(), settings())) {
      assertNothingWorksAndAllSaysSo(storage);
      redis.resume();
      storage.untilConnected();
      assertThat(storage.findAll()).isEmpty();
    }
  }

  @Test
  void writesUnderWay_areNotSentAgainOnTheNextConnection() {
    try (var storage =
        OpenPositions.open(
            new RedisPositionsStorageFactory(), settings().with("commandTimeout", "30s"))) {
      storage.untilConnected();
      storage.store("topic", "group", 0, 9);
      redis.pause();
      var old = IntStream.range(0, 10).mapToObj(partition -> writeOld(storage, partition)).toList();
      redis.kill(); // Never read the writes: it hung until it died.
      old.forEach(write -> assertThat(failure(write).kind()).isEqualTo(Kind.UNAVAILABLE));
      redis.restart();
      storage.untilConnected();
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 9L));
    }
  }

  private static CompletionStage<Void> writeOld(OpenPositions storage, int partition) {
    return storage.storage().store(new PositionId("topic", ID.group(), partition), 1);
  }

  @Test
  void writeWaitingForTheIndex_isNotSentOnTheNextConnection() {
    try (var storage =
        OpenPositions.open(
            new RedisPositionsStorageFactory(), settings().with("commandTimeout", "30s"))) {
      storage.untilConnected();
      redis.pause();
      var old = storage.storage().store(ID, 1);
      redis.kill();
      assertThat(failure(old).kind()).isEqualTo(Kind.UNAVAILABLE);
      redis.restart();
      storage.untilConnected();
      assertThat(storage.find("topic", "group", 0)).isEmpty();
    }
  }

  @Test
  void redisTurnedReplica_isUnavailable() {
    try (var admin = new Original(redis.uri());
        var storage = open()) {
      storage.store("topic", "group", 0, 5);
      admin.redis().replicaof("127.0.0.1", 1);
      assertUnavailableInTime(storage.storage().store(ID, 6));
      admin.redis().replicaofNoOne();
      await()
          .atMost(OpenPositions.PATIENCE)
          .ignoreExceptions()
          .until(
              () -> {
                storage.store("topic", "group", 0, 7);
                return true;
              });
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 7L));
    }
  }

  @Test
  void keyLostFromTheIndex_isFoundByTheScanOfTheNextConnection() {
    try (var storage = open()) {
      storage.store("topic", "group", 4, 5);
      try (var admin = new Original(redis.uri())) {
        admin.redis().del("~liiklus:positions:", "~liiklus:positions:topic:group");
      }
      redis.restart();
      storage.untilConnected();
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(storage.findVersions("topic", "group"))
                      .isEqualTo(Map.of(4, Map.of(0, 5L))));
    }
  }

  @Test
  void callsPastTheBound_areRefusedAtOnce() {
    try (var storage =
        OpenPositions.open(
            new RedisPositionsStorageFactory(), settings().with("maxPendingCalls", "5"))) {
      storage.untilConnected();
      redis.pause();
      for (int i = 0; i < 5; i++) {
        var unused = storage.storage().store(ID, i);
      }
      var refused = storage.storage().store(ID, 5).toCompletableFuture();
      assertThat(refused).isCompletedExceptionally();
      assertThat(failure(refused).kind()).isEqualTo(Kind.EXHAUSTED);
      redis.resume();
      storage.untilConnected();
      storage.store("topic", "group", 0, 7);
    }
  }

  @Test
  void closedStorage_saysSoAndLeavesNoThread() {
    var storage = open();
    storage.store("topic", "group", 0, 5);
    storage.close();
    assertThat(failure(storage.storage().store(ID, 1)).kind()).isEqualTo(Kind.CLOSED);
    assertThat(failure(storage.storage().findAll()).kind()).isEqualTo(Kind.CLOSED);
    storage.close();
    await()
        .atMost(OpenPositions.PATIENCE)
        .untilAsserted(() -> assertThat(lettuceThreads()).isEmpty());
  }

  @Test
  void connectionAttempts_pileNothingUp() throws IOException {
    try (var port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var attempts = new AtomicInteger();
      var counter = new Thread(() -> turnAway(port, attempts));
      counter.start();
      var uri = "redis://127.0.0.1:" + port.getLocalPort();
      try (var storage =
          OpenPositions.open(
              new RedisPositionsStorageFactory(),
              settings().with("uri", uri).with("reconnectDelay", "200ms"))) {
        await().atMost(OpenPositions.PATIENCE).until(() -> attempts.get() > 20);
        assertThat(storage.isConnected()).isFalse();
        await()
            .atMost(OpenPositions.PATIENCE)
            .untilAsserted(() -> assertThat(lettuceThreads()).hasSizeLessThan(12));
      }
    }
  }

  private static void turnAway(ServerSocket port, AtomicInteger attempts) {
    try {
      while (true) {
        port.accept().close();
        attempts.incrementAndGet();
      }
    } catch (IOException closed) {
      assertThat(port.isClosed()).isTrue();
    }
  }

  private static List<String> lettuceThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("lettuce-"))
        .toList();
  }

  @Test
  void closeWhileRedisIsAway_takesNoLongerThanItsBound() {
    redis.pause();
    var storage = OpenPositions.open(new RedisPositionsStorageFactory(), settings());
    var under = storage.storage().store(ID, 1);
    long startNs = System.nanoTime();
    storage.close();
    assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(8));
    assertThat(failure(under)).isNotNull();
  }
}
