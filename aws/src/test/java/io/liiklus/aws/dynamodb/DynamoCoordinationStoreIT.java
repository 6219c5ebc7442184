package io.liiklus.aws.dynamodb;

import static io.liiklus.api.OpenPositions.answer;
import static io.liiklus.api.OpenPositions.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStoreContract;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.DynamoDbRelay;
import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.SharedDynamoDb;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract, and what is in the table then. */
class DynamoCoordinationStoreIT extends CoordinationStoreContract {

  private static final String TABLE = "coordinated";

  private static DynamoDbRelay relay;
  private static OpenPositions open;
  private static OpenPositions other;

  private final String name = "g/topic/" + UUID.randomUUID();

  @BeforeAll
  static void opens() {
    assumeTrue(DynamoDbServer.isAvailable());
    var server = SharedDynamoDb.server();
    relay = DynamoDbRelay.start(server.endpoint());
    open =
        OpenPositions.open(
                new DynamoPositionsStorageFactory(), TestSettings.at(server.endpoint(), TABLE))
            .untilConnected();
    other =
        OpenPositions.open(
                new DynamoPositionsStorageFactory(), TestSettings.at(relay.endpoint(), TABLE))
            .untilConnected();
  }

  @AfterAll
  static void closes() {
    if (open != null) {
      other.close();
      open.close();
      relay.close();
    }
  }

  @Override
  protected CoordinationStore store() {
    return open.coordination();
  }

  @Override
  protected CoordinationStore second() {
    return other.coordination();
  }

  /** dynalite has one thread for all requests. */
  @Override
  protected int changesOfAThread() {
    return 6;
  }

  private long write(CoordinationStore store, long version, String value) {
    return answer(store.replace(name, version, value.getBytes(UTF_8))).orElseThrow();
  }

  private static String ask(String operation, String request) {
    return SharedDynamoDb.server().ask(operation, request);
  }

  @Test
  void row_isAnItemOfVersionAndValue() {
    long version = write(store(), CoordinationStore.ABSENT, "value");
    var key = "{\"TableName\":\"%s-groups\",\"Key\":{\"key\":{\"S\":\"%s\"}}}";
    assertThat(ask("GetItem", key.formatted(TABLE, name)))
        .contains("\"v\":{\"N\":\"" + version + "\"}")
        .contains("\"d\":{\"B\":\"dmFsdWU=\"}");
    answer(store().replace(name, version, null));
    assertThat(ask("GetItem", key.formatted(TABLE, name))).isEqualTo("{}");
  }

  @Test
  void moreRowsThanOneRequestHas_areReadInOneCall() {
    var keys = IntStream.range(0, 250).mapToObj(i -> name + "/row-" + i).toList();
    keys.forEach(
        key -> answer(store().replace(key, CoordinationStore.ABSENT, key.getBytes(UTF_8))));
    var found = answer(second().read(new HashSet<>(keys)));
    assertThat(found).hasSize(250);
    keys.forEach(key -> assertThat(found.get(key).value()).asString(UTF_8).isEqualTo(key));
  }

  @Test
  void changeWhoseConnectionCloses_isMadeOnce() {
    relay.closeBefore(1);
    long first = write(second(), CoordinationStore.ABSENT, "value");
    // Carried out, and made again: it meets its own row.
    relay.closeBehind(1);
    long next = write(second(), first, "changed");
    assertThat(answer(store().read(Set.of(name))).get(name).version()).isEqualTo(next);
    assertThat(other.metric("dynamodb_repeated_calls_total")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void removalWhoseConnectionCloses_isOfUnknownOutcome() {
    long version = write(second(), CoordinationStore.ABSENT, "value");
    relay.closeBehind(1);
    assertThat(failure(second().replace(name, version, null)))
        .hasMessageContaining("may have been removed")
        .extracting("kind")
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(answer(store().read(Set.of(name)))).isEmpty();
  }

  @Test
  void itemOfAnotherProgram_isRefusedByName() {
    ask(
        "PutItem",
        "{\"TableName\":\"%s-groups\",\"Item\":{\"key\":{\"S\":\"%s\"}}}".formatted(TABLE, name));
    assertThat(failure(store().read(Set.of(name))))
        .hasMessageContaining(name)
        .extracting("kind")
        .isEqualTo(Kind.PRECONDITION);
  }

  @Test
  void closedStorage_failsCalls() {
    var closed =
        OpenPositions.open(
                new DynamoPositionsStorageFactory(),
                TestSettings.at(SharedDynamoDb.server().endpoint(), TABLE))
            .untilConnected();
    var store = closed.coordination();
    closed.close();
    assertThat(failure(store.read(Set.of(name))).kind()).isEqualTo(Kind.CLOSED);
  }
}
