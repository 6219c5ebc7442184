package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.liiklus.api.GroupId;
import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.RedisClusterServers;
import io.liiklus.testing.RedisServer;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on three masters, and what only a cluster can do to us. */
class RedisClusterStorageIT extends PositionsStorageContract {

  private static final int GROUPS = 60;
  private static final long PAUSE_MS = 5_000;

  private static RedisClusterServers servers;
  private static RedisClusterClient client;
  private static StatefulRedisClusterConnection<String, String> cluster;
  private static OpenPositions open;
  private static OpenPositions second;

  private final String prefix = "p-" + UUID.randomUUID() + ":";

  @BeforeAll
  static void opens() {
    servers = RedisClusterServers.start();
    var seeds = servers.uri().replaceFirst("redis-cluster", "redis");
    client = RedisClusterClient.create(RedisClusterURIUtil.toRedisURIs(URI.create(seeds)));
    cluster = client.connect();
    open =
        OpenPositions.open(new RedisPositionsStorageFactory(), TestSettings.at(servers.uri()))
            .untilConnected();
    second =
        OpenPositions.open(new RedisPositionsStorageFactory(), TestSettings.at(servers.uri()))
            .untilConnected();
  }

  @AfterAll
  static void closes() {
    second.close();
    open.close();
    cluster.close();
    client.shutdown();
    servers.close();
  }

  @Override
  protected PositionsStorage storage() {
    return open.storage();
  }

  @Override
  protected Optional<PositionsStorage> second() {
    return Optional.of(second.storage());
  }

  private MapSettings settings() {
    return TestSettings.at(servers.uri())
        .with("positionsProperties.prefix", prefix)
        .with("commandTimeout", "1s")
        .with("heartbeat", "500ms");
  }

  private void writesAsTheOriginal() {
    for (int i = 0; i < GROUPS; i++) {
      cluster.sync().hset(prefix + "topic:group-" + i + ":1", "0", Integer.toString(i));
    }
  }

  @Test
  void positionsOfTheOriginal_areFoundOnEveryMaster() {
    writesAsTheOriginal();
    try (var storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected()) {
      assertThat(storage.findAll()).hasSize(GROUPS);
      for (int i = 0; i < GROUPS; i++) {
        assertThat(storage.findVersions("topic", "group-" + i))
            .isEqualTo(Map.of(1, Map.of(0, (long) i)));
      }
    }
  }

  @Test
  void original_findsOurPositionsAndNothingElse() {
    try (var storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected()) {
      for (int i = 0; i < GROUPS; i++) {
        storage.store("topic", "group-" + i, 1, i);
      }
    }
    assertThat(cluster.sync().keys(prefix + "*"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, GROUPS).mapToObj(i -> prefix + "topic:group-" + i + ":1").toList());
  }

  @Test
  void oneSeed_findsAllMasters() {
    writesAsTheOriginal();
    var seed = servers.uri().split(",", 2)[0];
    try (var storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), settings().with("uri", seed))
            .untilConnected()) {
      assertThat(storage.findAll()).hasSize(GROUPS);
    }
  }

  @Test
  void hangingMaster_failsItsOwnGroupsOnlyAndIsUsedAgain() {
    try (var storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected()) {
      for (int i = 0; i < GROUPS; i++) {
        storage.store("topic", "group-" + i, 1, i);
      }
      var hung = master();
      cluster.getConnection(hung.getNodeId()).sync().clientPause(PAUSE_MS);
      var id = new PositionId("topic", new GroupId(groupOn(hung), 1), 0);
      assertThat(OpenPositions.failure(storage.storage().store(id, 1)).kind())
          .isEqualTo(Kind.UNAVAILABLE);
      for (int i = 0; i < GROUPS; i++) {
        if (!isOn(hung, "group-" + i)) {
          storage.store("topic", "group-" + i, 1, 100 + i);
        }
      }
      await()
          .atMost(OpenPositions.PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(storage.findAll()).hasSize(GROUPS));
      for (int i = 0; i < GROUPS; i++) {
        storage.store("topic", "group-" + i, 1, 200 + i);
      }
    }
  }

  @Test
  void writesToADyingMaster_areNotSentAgain() {
    var settings = settings().with("commandTimeout", "30s").with("heartbeat", "1m");
    try (var storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), settings).untilConnected()) {
      var node = master();
      var group = new GroupId(groupOn(node), 1);
      storage.store("topic", group.name(), 1, 9);
      var server = serverOf(node);
      server.pause();
      var old =
          IntStream.range(0, 10)
              .mapToObj(i -> storage.storage().store(new PositionId("topic", group, i), 1))
              .toList();
      server.kill(); // Never read the writes: it hung until it died.
      old.forEach(
          write -> assertThat(OpenPositions.failure(write).kind()).isEqualTo(Kind.UNAVAILABLE));
      server.restart();
      await()
          .atMost(OpenPositions.PATIENCE)
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(storage.find("topic", group.name(), 1)).isEqualTo(Map.of(0, 9L)));
      await()
          .atMost(OpenPositions.PATIENCE)
          .ignoreExceptions()
          .until(
              () -> {
                storage.store("topic", group.name(), 1, 10);
                return true;
              });
      assertThat(storage.find("topic", group.name(), 1)).isEqualTo(Map.of(0, 10L));
    }
  }

  private static RedisServer serverOf(RedisClusterNode node) {
    return servers.masters().stream()
        .filter(server -> server.port() == node.getUri().getPort())
        .findFirst()
        .orElseThrow();
  }

  private String groupOn(RedisClusterNode node) {
    return IntStream.range(0, GROUPS)
        .mapToObj(i -> "group-" + i)
        .filter(name -> isOn(node, name))
        .findFirst()
        .orElseThrow();
  }

  private boolean isOn(RedisClusterNode node, String name) {
    return node.hasSlot(SlotHash.getSlot(prefix + "topic:" + name + ":1"));
  }

  private static RedisClusterNode master() {
    return cluster.getPartitions().stream()
        .filter(node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM) && !node.hasNoSlots())
        .findFirst()
        .orElseThrow();
  }
}
