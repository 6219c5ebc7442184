package io.liiklus.aws.dynamodb;

import static io.liiklus.api.OpenPositions.answer;
import static io.liiklus.api.OpenPositions.failure;
import static io.liiklus.api.OpenPositions.position;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.DynamoDbRelay;
import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.SharedDynamoDb;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Errors of DynamoDB, and networks that fail. The errors come from a relay in front of dynalite,
 * which has none of its own; that AWS answers so stands in its documentation.
 */
class DynamoFaultsIT {

  private static final String TABLE = "faults";

  private static DynamoDbRelay relay;
  private static OpenPositions storage;

  private final String topic = "topic-" + UUID.randomUUID();
  private long throttledBefore;
  private long repeatedBefore;

  @BeforeAll
  static void opens() {
    assumeTrue(DynamoDbServer.isAvailable());
    relay = DynamoDbRelay.start(SharedDynamoDb.server().endpoint());
    storage =
        OpenPositions.open(
                new DynamoPositionsStorageFactory(), TestSettings.at(relay.endpoint(), TABLE))
            .untilConnected();
  }

  @AfterAll
  static void closes() {
    if (relay != null) {
      storage.close();
      relay.close();
    }
  }

  @BeforeEach
  void counts() {
    throttledBefore = storage.metric("dynamodb_throttled_calls_total");
    repeatedBefore = storage.metric("dynamodb_repeated_calls_total");
  }

  @AfterEach
  void passes() {
    relay.pass();
  }

  private long throttled() {
    return storage.metric("dynamodb_throttled_calls_total") - throttledBefore;
  }

  private long repeated() {
    return storage.metric("dynamodb_repeated_calls_total") - repeatedBefore;
  }

  /** A storage behind a relay. */
  private static MapSettings behind(TcpRelay relay) {
    return TestSettings.at("http://" + relay.host() + ":" + relay.port(), TABLE);
  }

  @Test
  void throttledCalls_areUnavailableAndCounted() {
    storage.store(topic, "group", 0, 5);
    relay.throttle();
    var store = storage.storage().store(position(topic, "group", 0), 6);
    assertThat(failure(store))
        .hasMessageStartingWith(
            "DynamoDB throttles the gateway: ProvisionedThroughputExceededException: ")
        .extracting("kind")
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure(storage.storage().check()).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(throttled()).isEqualTo(2);
    relay.pass();
    assertThat(storage.find(topic, "group", 0)).isEqualTo(Map.of(0, 5L));
    storage.store(topic, "group", 0, 7);
    assertThat(throttled()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "400, AccessDeniedException, REFUSED",
    "400, UnrecognizedClientException, REFUSED",
    "400, InvalidSignatureException, REFUSED",
    "400, ExpiredTokenException, REFUSED",
    "400, MissingAuthenticationTokenException, REFUSED",
    "403, SomethingElse, REFUSED",
    "400, RequestLimitExceeded, UNAVAILABLE",
    "400, ThrottlingException, UNAVAILABLE",
    "500, InternalServerError, UNAVAILABLE",
    "503, ServiceUnavailable, UNAVAILABLE",
    "400, ValidationException, PRECONDITION"
  })
  void errorOfTheServer_isOfItsKind(int status, String type, Kind kind) {
    relay.answer(status, type, "because");
    assertThat(failure(storage.storage().findAll()))
        .hasMessageContaining(type + ": because")
        .extracting("kind")
        .isEqualTo(kind);
    relay.pass();
    answer(storage.storage().findAll());
  }

  @Test
  void writeWhoseConnectionCloses_isMadeAgainAtOnce() {
    relay.closeBefore(1);
    storage.store(topic, "group", 0, 5);
    relay.closeBehind(1);
    storage.store(topic, "group", 0, 6);
    assertThat(storage.find(topic, "group", 0)).isEqualTo(Map.of(0, 6L));
    assertThat(repeated()).isEqualTo(2);
  }

  @Test
  void callWhoseConnectionsClose_isMadeTwiceAtTheMost() {
    relay.closeBefore(2);
    assertThat(failure(storage.storage().store(position(topic, "group", 0), 5)))
        .hasMessageStartingWith("no connection to DynamoDB: ")
        .extracting("kind")
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(storage.find(topic, "group", 0)).isEmpty();
    assertThat(repeated()).isEqualTo(1);
  }

  @Test
  void errors_areNotRepeated() {
    long before = SharedDynamoDb.server().count("UpdateItem");
    relay.answer(500, "InternalServerError", "because");
    failure(storage.storage().store(position(topic, "group", 0), 5));
    relay.pass();
    assertThat(SharedDynamoDb.server().count("UpdateItem")).isEqualTo(before);
    assertThat(repeated()).isZero();
  }

  @Test
  void writesOfOneGroup_areFewRequests() {
    long before = SharedDynamoDb.server().count("UpdateItem");
    var writes =
        IntStream.range(0, 1_000)
            .mapToObj(i -> storage.storage().store(position(topic, "group", 0), i))
            .toList();
    writes.forEach(OpenPositions::answer);
    assertThat(storage.find(topic, "group", 0)).isEqualTo(Map.of(0, 999L));
    assertThat(SharedDynamoDb.server().count("UpdateItem") - before).isLessThan(500);
    assertThat(storage.metric("dynamodb_write_units_total")).isPositive();
  }

  @Test
  void fullItem_isExhausted() {
    SharedDynamoDb.server()
        .ask(
            "PutItem",
            "{\"TableName\":\"%s\",\"Item\":{\"topic\":{\"S\":\"%s\"},\"groupId\":{\"S\":\"group\"},\"f\":{\"S\":\"%s\"},\"positions\":{\"M\":{}}}}"
                .formatted(TABLE, topic, "x".repeat((400 << 10) - 80)));
    var write = storage.storage().store(position(topic, "group", 0), Long.MAX_VALUE / 2);
    assertThat(failure(write))
        .hasMessageContaining("the 400 KB of DynamoDB")
        .extracting("kind")
        .isEqualTo(Kind.EXHAUSTED);
  }

  @Test
  void silentServer_failsCallsInTime() {
    var server = SharedDynamoDb.server();
    try (var silent = TcpRelay.start(server.host(), server.port());
        var other =
            OpenPositions.open(
                    new DynamoPositionsStorageFactory(),
                    behind(silent).with("callTimeout", "500ms"))
                .untilConnected()) {
      silent.hold();
      var late = other.storage().store(position(topic, "silent", 0), 5);
      var waiting = other.storage().store(position(topic, "silent", 0), 6);
      assertThat(failure(late)).hasMessage("DynamoDB did not answer in time");
      assertThat(failure(waiting).kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure(other.storage().findAll()).kind()).isEqualTo(Kind.UNAVAILABLE);
      silent.letGo();
      other.untilConnected();
      silent.cut();
      assertThat(failure(other.storage().check()).kind()).isEqualTo(Kind.UNAVAILABLE);
      silent.restore();
      other.untilConnected();
      answer(other.storage().store(position(topic, "silent", 0), 9));
      assertThat(other.find(topic, "silent", 0)).isEqualTo(Map.of(0, 9L));
    }
  }

  @Test
  void slowServer_isWaitedFor() {
    var server = SharedDynamoDb.server();
    try (var slow = TcpRelay.start(server.host(), server.port());
        var other =
            OpenPositions.open(new DynamoPositionsStorageFactory(), behind(slow))
                .untilConnected()) {
      slow.delay(Duration.ofMillis(500));
      other.store(topic, "slow", 0, 5);
      assertThat(other.find(topic, "slow", 0)).isEqualTo(Map.of(0, 5L));
    }
  }

  @Test
  void callsAboveTheBound_areRefused() {
    var server = SharedDynamoDb.server();
    try (var silent = TcpRelay.start(server.host(), server.port());
        var other =
            OpenPositions.open(
                    new DynamoPositionsStorageFactory(),
                    behind(silent).with("maxPendingCalls", "2"))
                .untilConnected()) {
      silent.hold();
      var first = other.storage().findAll();
      var second = other.storage().store(position(topic, "bound", 0), 5);
      assertThat(failure(other.storage().findAll()))
          .hasMessage("dynamodb.maxPendingCalls is reached: 2 calls wait for DynamoDB")
          .extracting("kind")
          .isEqualTo(Kind.EXHAUSTED);
      silent.letGo();
      answer(first);
      answer(second);
    }
  }
}
