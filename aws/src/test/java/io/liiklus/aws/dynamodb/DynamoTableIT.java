package io.liiklus.aws.dynamodb;

import static io.liiklus.api.OpenPositions.failure;
import static io.liiklus.api.OpenPositions.position;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.SharedDynamoDb;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that are missing, made, there, gone, and of others. */
class DynamoTableIT {

  private static final StorageContext READ_ONLY =
      new StorageContext() {
        @Override
        public Optional<CoordinationStore> coordination() {
          return Optional.empty();
        }

        @Override
        public boolean isReadOnly() {
          return true;
        }
      };

  private final String table = "t-t-" + UUID.randomUUID();

  @BeforeEach
  void needsAServer() {
    assumeTrue(DynamoDbServer.isAvailable());
  }

  private MapSettings settings() {
    return TestSettings.at(SharedDynamoDb.server().endpoint(), table);
  }

  private static String ask(String operation, String request) {
    return SharedDynamoDb.server().ask(operation, request);
  }

  private String tables() {
    return ask("ListTables", "{\"Limit\":100,\"ExclusiveStartTableName\":\"t-t\"}");
  }

  @Test
  void missingTable_isCreatedForOnDemandBilling() {
    try (var storage =
            OpenPositions.open(new DynamoPositionsStorageFactory(), settings()).untilConnected();
        var second =
            OpenPositions.open(new DynamoPositionsStorageFactory(), settings()).untilConnected()) {
      storage.store("topic", "group", 0, 5);
      assertThat(second.find("topic", "group", 0)).isEqualTo(Map.of(0, 5L));
    }
    assertThat(ask("DescribeTable", "{\"TableName\":\"" + table + "\"}"))
        .contains("\"BillingMode\":\"PAY_PER_REQUEST\"")
        .contains("{\"AttributeName\":\"topic\",\"KeyType\":\"HASH\"}")
        .contains("{\"AttributeName\":\"groupId\",\"KeyType\":\"RANGE\"}");
    // Made by those that coordinate groups alone.
    assertThat(tables()).doesNotContain(table + "-groups");
  }

  @Test
  void missingTable_isNamedWithTheKeyThatCreatesIt() {
    try (var storage =
        OpenPositions.open(
            new DynamoPositionsStorageFactory(), settings().with("autoCreateTable", "false"))) {
      assertThat(failure(storage.storage().store(position("topic", "group", 0), 5)))
          .hasMessage(
              "there is no table "
                  + table
                  + " in DynamoDB: create it, or set dynamodb.autoCreateTable = true")
          .extracting("kind")
          .isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure(storage.coordination().read(Set.of("n/1"))))
          .hasMessageContaining(table + "-groups");
      assertThat(tables()).doesNotContain(table);
      OpenPositions.open(new DynamoPositionsStorageFactory(), settings()).untilConnected().close();
      storage.store("topic", "group", 0, 5);
    }
  }

  @Test
  void readOnlyStorage_makesNothing() {
    try (var storage =
        OpenPositions.open(new DynamoPositionsStorageFactory(), settings(), READ_ONLY)) {
      assertThat(failure(storage.storage().findAll()))
          .hasMessage("there is no table " + table + " in DynamoDB yet (dynamodb.positionsTable)")
          .extracting("kind")
          .isEqualTo(Kind.UNKNOWN_TOPIC);
    }
    assertThat(tables()).doesNotContain(table);
  }

  @Test
  void tableThatHasGone_isNotCreatedAgain() {
    try (var storage =
        OpenPositions.open(new DynamoPositionsStorageFactory(), settings()).untilConnected()) {
      storage.store("topic", "group", 0, 5);
      ask("DeleteTable", "{\"TableName\":\"" + table + "\"}");
      assertThat(failure(storage.storage().store(position("topic", "group", 0), 6)))
          .hasMessageStartingWith("the table " + table + " of DynamoDB has gone: ")
          .extracting("kind")
          .isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure(storage.storage().findAll()).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
  }

  @Test
  void tableOfOtherKeys_isRefused() {
    ask(
        "CreateTable",
        """
        {"TableName": "%s", "BillingMode": "PAY_PER_REQUEST",
         "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
         "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
        """
            .formatted(table));
    try (var storage = OpenPositions.open(new DynamoPositionsStorageFactory(), settings())) {
      assertThat(failure(storage.storage().findAll()))
          .hasMessageContaining("has the keys [id], and not [topic, groupId]")
          .extracting("kind")
          .isEqualTo(Kind.PRECONDITION);
    }
  }
}
