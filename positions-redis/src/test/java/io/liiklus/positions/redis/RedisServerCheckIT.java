package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import io.liiklus.api.LoggedLines;
import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.testing.RedisClusterServers;
import io.liiklus.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of Redis itself that lose positions, and those that do not. */
class RedisServerCheckIT {

  private static final String MANY_BYTES = "100mb";

  private final LoggedLines lines = LoggedLines.of(RedisServerCheck.class);
  private RedisServer redis;
  private Original admin;
  private OpenPositions storage;

  @BeforeEach
  void starts() {
    redis = RedisServer.start();
    admin = new Original(redis.uri());
  }

  @AfterEach
  void ends() {
    storage.close();
    admin.close();
    redis.close();
    lines.close();
  }

  private MapSettings settings() {
    return TestSettings.at(redis.uri()).with("rescan", "100ms");
  }

  private void set(String policy, String maxMemory) {
    set(admin, policy, maxMemory);
  }

  private static void set(Original server, String policy, String maxMemory) {
    server.redis().configSet("maxmemory-policy", policy);
    server.redis().configSet("maxmemory", maxMemory);
  }

  @Test
  void evictingRedis_isWarnedOfOncePerPolicy() {
    set("allkeys-lru", MANY_BYTES);
    storage = OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected();
    await()
        .atMost(OpenPositions.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(lines.warnings())
                    .singleElement()
                    .asString()
                    .contains("maxmemory-policy=allkeys-lru maxmemory=104857600"));
    redis.restart();
    admin.close();
    admin = new Original(redis.uri());
    set("allkeys-random", MANY_BYTES);
    storage.untilConnected();
    await().atMost(OpenPositions.PATIENCE).until(() -> lines.warnings().size() == 2);
    set("allkeys-lru", MANY_BYTES);
    awaitMoreChecks();
    assertThat(lines.warnings()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"noeviction, 100mb", "volatile-lru, 100mb", "allkeys-lru, 0"})
  void redisThatEvictsNoPosition_isNotWarnedOf(String policy, String maxMemory) {
    set(policy, maxMemory);
    storage = OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected();
    awaitMoreChecks();
    assertThat(lines.warnings()).isEmpty();
  }

  @Test
  void redisThatKeepsNothing_isWarnedOf() {
    admin.redis().configSet("appendonly", "no");
    storage = OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected();
    await()
        .atMost(OpenPositions.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(lines.warnings())
                    .singleElement()
                    .asString()
                    .contains("keeps nothing on disk"));
  }

  @Test
  void redisThatKeepsSnapshots_isNotWarnedOf() {
    admin.redis().configSet("appendonly", "no");
    admin.redis().configSet("save", "3600 1");
    storage = OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected();
    awaitMoreChecks();
    assertThat(lines.warnings()).isEmpty();
  }

  @Test
  void redisWithHiddenSettings_isUsedSilently() {
    admin.redis().configSet("appendonly", "no");
    set("allkeys-lru", MANY_BYTES);
    var rights = AclSetuserArgs.Builder.on().addPassword("secret").allKeys().allCommands();
    admin
        .redis()
        .aclSetuser(
            "app", rights.removeCommand(CommandType.INFO).removeCommand(CommandType.CONFIG));
    var uri = redis.uri().replace("redis://", "redis://app:secret@");
    storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), settings().with("uri", uri))
            .untilConnected();
    storage.store("topic", "group", 0, 5);
    await()
        .atMost(OpenPositions.PATIENCE)
        .until(() -> lines.all().stream().filter(line -> line.contains("NOPERM")).count() >= 2);
    assertThat(lines.warnings()).isEmpty();
  }

  @Test
  void masterOfAClusterThatEvicts_isWarnedOf() {
    try (var cluster = RedisClusterServers.start();
        var last = new Original(cluster.masters().get(2).uri())) {
      set(last, "allkeys-lfu", MANY_BYTES);
      storage =
          OpenPositions.open(new RedisPositionsStorageFactory(), TestSettings.at(cluster.uri()))
              .untilConnected();
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(lines.warnings())
                      .singleElement()
                      .asString()
                      .contains("maxmemory-policy=allkeys-lfu"));
    }
  }

  /** What the server counts of them: so many were answered after this was called. */
  private void awaitMoreChecks() {
    long before = infos();
    await().atMost(OpenPositions.PATIENCE).until(() -> infos() >= before + 3);
  }

  private long infos() {
    return admin
        .redis()
        .info("commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_config"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*[:,]calls=(\\d+),.*", "$1")))
        .sum();
  }
}
