package io.liiklus.positions.redis;

import static io.liiklus.api.OpenPositions.answer;
import static io.liiklus.api.OpenPositions.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.LoggedLines;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.RedisServer;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis that does not let us in, or not do all we want. */
class RedisRightsIT {

  private static final PositionId ID = new PositionId("topic", new GroupId("group", 0), 0);

  private RedisServer redis;

  @BeforeEach
  void starts() {
    redis = RedisServer.start();
  }

  @AfterEach
  void ends() {
    redis.close();
  }

  private OpenPositions open(String user) {
    var uri = "redis://" + user + "@" + redis.host() + ":" + redis.port();
    return OpenPositions.open(new RedisPositionsStorageFactory(), TestSettings.at(uri));
  }

  @Test
  void wrongPassword_isRefusedUntilItIsRight() {
    try (var admin = new Original(redis.uri())) {
      admin.redis().configSet("requirepass", "right");
      try (var storage = open(":wrong")) {
        await()
            .atMost(OpenPositions.PATIENCE)
            .until(() -> failure(storage.storage().store(ID, 1)).kind() == Kind.REFUSED);
        assertThat(failure(storage.storage().check()))
            .hasMessageContaining("WRONGPASS")
            .hasMessageNotContaining("wrong@");
        admin.redis().configSet("requirepass", "wrong");
        storage.untilConnected();
        storage.store("topic", "group", 0, 5);
      }
    }
  }

  @Test
  void userWithoutWriteRight_isRefused() {
    addReader("-hset");
    try (var storage = open("reader:secret").untilConnected()) {
      assertThat(failure(storage.storage().store(ID, 1)).kind()).isEqualTo(Kind.REFUSED);
      assertThat(storage.findAll()).isEmpty();
    }
  }

  @Test
  void userWithoutScanRight_failsInsteadOfFindingNothing() {
    addReader("-scan");
    try (var storage = open("reader:secret")) {
      awaitRefusal(storage, "scan");
      storage.store("topic", "group", 0, 5);
      assertThat(failure(storage.storage().findVersions("topic", "group")))
          .hasMessageContaining("scan")
          .extracting("kind")
          .isEqualTo(Kind.REFUSED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scan", "smembers", "hgetall"})
  void userWithoutReadRight_isReportedByTheCheckUntilGranted(String command) {
    addReader("-" + command);
    try (var lines = LoggedLines.of(IndexKeeper.class);
        var storage = open("reader:secret")) {
      awaitRefusal(storage, command);

      addReader("+" + command);

      storage.untilConnected();
      assertThat(storage.findAll()).isEmpty();
      assertThat(lines.warnings())
          .hasSize(1)
          .first(InstanceOfAssertFactories.STRING)
          .contains("'" + command + "'", "ping, scan, smembers", "liiklus:positions:*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hset", "sadd"})
  void userWithoutWriteRight_isReportedByTheCheckWhileItsWritesAreRefused(String command) {
    addReader("-" + command);
    try (var storage = open("reader:secret").untilConnected()) {
      refuseUntilReported(storage, () -> storage.storage().store(ID, 1));
      awaitRefusal(storage, command);

      addReader("+" + command);
      storage.store("topic", "group", 0, 5);

      assertThat(storage.isConnected()).isTrue();
    }
  }

  @Test
  void userWithTheRightsThatAreNamed_isEnough() {
    setUser("resetkeys", "nocommands", "~liiklus:positions:*", "~~liiklus:positions:*");
    setUser("+ping", "+scan", "+smembers", "+hgetall", "+sadd", "+hset");
    try (var storage = open("reader:secret").untilConnected()) {
      storage.store("topic", "group", 0, 5);
      assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(0, Map.of(0, 5L)));
      assertThat(storage.findAll()).hasSize(1);
    }
  }

  @Test
  void userWithTheRightsThatAreNamedForRows_isEnough() {
    setUser("resetkeys", "nocommands", "~liiklus:positions:*", "~~liiklus:positions:*");
    setUser("+ping", "+scan", "+smembers", "+hgetall", "+sadd", "+hset");
    setUser("~~~liiklus:positions:*", "+eval", "+hget", "+del");
    try (var storage = open("reader:secret").untilConnected()) {
      long version = answer(change(storage, CoordinationStore.ABSENT, "value")).getAsLong();
      assertThat(answer(storage.coordination().read(Set.of("row")))).hasSize(1);
      assertThat(answer(change(storage, version, null))).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"eval", "hget", "hset"})
  void userWithoutARightForRows_isReportedByTheCheckWhileItsChangesAreRefused(String command) {
    addReader("-" + command);
    try (var storage = open("reader:secret").untilConnected()) {
      var refusal = failure(change(storage, CoordinationStore.ABSENT, "value"));
      assertThat(refusal.kind()).isEqualTo(Kind.REFUSED);
      assertThat(refusal)
          .hasMessageContaining("hgetall, eval, hget, hset and del")
          .hasMessageContaining("~~liiklus:positions:*");
      refuseUntilReported(storage, () -> change(storage, CoordinationStore.ABSENT, "value"));

      addReader("+" + command);
      answer(change(storage, CoordinationStore.ABSENT, "value"));

      assertThat(storage.isConnected()).isTrue();
    }
  }

  /** One refusal is not reported; they are once they stand. */
  private static void refuseUntilReported(
      OpenPositions storage, Supplier<CompletionStage<?>> write) {
    assertThat(failure(write.get()).kind()).isEqualTo(Kind.REFUSED);
    assertThat(storage.isConnected()).isTrue();
    await()
        .atMost(OpenPositions.PATIENCE)
        .until(
            () -> {
              assertThat(failure(write.get()).kind()).isEqualTo(Kind.REFUSED);
              return !storage.isConnected();
            });
  }

  private static CompletionStage<OptionalLong> change(
      OpenPositions storage, long version, String value) {
    var bytes = value == null ? null : value.getBytes(UTF_8);
    return storage.coordination().replace("row", version, bytes);
  }

  @Test
  void userWithoutTheKeysOfTheIndex_isReportedByTheCheck() {
    setUser("resetkeys", "+@all", "~liiklus:positions:*");
    try (var storage = open("reader:secret")) {
      awaitRefusal(storage, "~liiklus:positions:*");
    }
  }

  private static void awaitRefusal(OpenPositions storage, String named) {
    await()
        .atMost(OpenPositions.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(storage.isConnected()).isFalse();
              assertThat(failure(storage.storage().check()))
                  .hasMessageContaining("NOPERM")
                  .hasMessageContaining(named)
                  .extracting("kind")
                  .isEqualTo(Kind.REFUSED);
            });
  }

  private void addReader(String right) {
    setUser("~*", "+@all", right);
  }

  private void setUser(String... rules) {
    try (var admin = new Original(redis.uri())) {
      var words =
          new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add("reader").add("on").add(">secret");
      for (var rule : rules) {
        words.add(rule);
      }
      admin.redis().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), words);
    }
  }
}
