package io.liiklus.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.SharedDynamoDb;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data goes from the original to us and back, as it is on the wire. */
class OriginalDataIT {

  private final String table = "t-" + UUID.randomUUID();
  private OpenPositions storage;

  @BeforeEach
  void opens() {
    assumeTrue(DynamoDbServer.isAvailable());
    var server = SharedDynamoDb.server();
    // As the original creates it.
    server.ask(
        "CreateTable",
        """
        {"TableName": "%s",
         "AttributeDefinitions": [{"AttributeName": "topic", "AttributeType": "S"},
                                  {"AttributeName": "groupId", "AttributeType": "S"}],
         "KeySchema": [{"AttributeName": "topic", "KeyType": "HASH"},
                       {"AttributeName": "groupId", "KeyType": "RANGE"}],
         "ProvisionedThroughput": {"ReadCapacityUnits": 10, "WriteCapacityUnits": 10}}
        """
            .formatted(table));
    storage =
        OpenPositions.open(
                new DynamoPositionsStorageFactory(), TestSettings.at(server.endpoint(), table))
            .untilConnected();
  }

  @AfterEach
  void closes() {
    if (storage != null) {
      storage.close();
    }
  }

  /** The two requests by which the original stores a first position. */
  private void storeAsTheOriginal(String topic, String groupId, int partition, long position) {
    var server = SharedDynamoDb.server();
    if (itemOf(topic, groupId).equals("{}")) {
      server.ask(
          "UpdateItem",
          """
          {"TableName": "%s", "Key": {"topic": {"S": "%s"}, "groupId": {"S": "%s"}},
           "AttributeUpdates": {"positions": {"Action": "PUT", "Value": {"M": {}}}},
           "Expected": {"positions": {"Exists": false}}}
          """
              .formatted(table, topic, groupId));
    }
    server.ask(
        "UpdateItem",
        """
        {"TableName": "%s", "Key": {"topic": {"S": "%s"}, "groupId": {"S": "%s"}},
         "ConditionExpression": "attribute_exists(positions)",
         "UpdateExpression": "SET positions.#p = :pos",
         "ExpressionAttributeNames": {"#p": "%d"},
         "ExpressionAttributeValues": {":pos": {"N": "%d"}}}
        """
            .formatted(table, topic, groupId, partition, position));
  }

  private void put(String item) {
    SharedDynamoDb.server()
        .ask("PutItem", "{\"TableName\": \"%s\", \"Item\": %s}".formatted(table, item));
  }

  private String itemOf(String topic, String groupId) {
    return SharedDynamoDb.server()
        .ask(
            "GetItem",
            """
            {"TableName": "%s", "ConsistentRead": true,
             "Key": {"topic": {"S": "%s"}, "groupId": {"S": "%s"}}}
            """
                .formatted(table, topic, groupId));
  }

  @Test
  void positionsOfTheOriginal_areFound() {
    storeAsTheOriginal("topic", "group", 0, 10);
    storeAsTheOriginal("topic", "group", 1, 11);
    storeAsTheOriginal("topic", "group-v2", 0, 20);
    storeAsTheOriginal("topic", "group-very-v1", 3, 30);
    assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 10L, 1, 11L));
    assertThat(storage.find("topic", "group", 2)).isEqualTo(Map.of(0, 20L));
    assertThat(storage.findVersions("topic", "group"))
        .isEqualTo(Map.of(0, Map.of(0, 10L, 1, 11L), 2, Map.of(0, 20L)));
    assertThat(storage.findAll())
        .isEqualTo(
            Map.of(
                "topic:group:0", Map.of(0, 10L, 1, 11L),
                "topic:group:2", Map.of(0, 20L),
                "topic:group-very:1", Map.of(3, 30L)));
  }

  @Test
  void ourPositions_areThoseThatTheOriginalReadsAndWrites() {
    storage.store("topic", "group", 0, 10);
    storage.store("topic", "group", 7, -1);
    storage.store("topic", "group-v3", 0, Long.MAX_VALUE - 1);
    // The SDK sends attributes in any order.
    var item = itemOf("topic", "group");
    assertThat(item)
        .contains("\"topic\":{\"S\":\"topic\"}")
        .contains("\"groupId\":{\"S\":\"group\"}")
        .contains("\"positions\":{\"M\":{\"0\":{\"N\":\"10\"}}}")
        .hasSize(
            "{'Item':{'topic':{'S':'topic'},'groupId':{'S':'group'},'positions':{'M':{'0':{'N':'10'}}}}}"
                .length());
    assertThat(itemOf("topic", "group-v7")).contains("{\"M\":{\"0\":{\"N\":\"-1\"}}}");
    assertThat(itemOf("topic", "group-v3"))
        .contains("{\"M\":{\"0\":{\"N\":\"9223372036854775806\"}}}");
    storeAsTheOriginal("topic", "group", 1, 12);
    storeAsTheOriginal("topic", "group", 0, 5);
    assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 5L, 1, 12L));
  }

  @Test
  void emptyMapOfTheOriginal_isNoPosition() {
    put("{\"topic\":{\"S\":\"t\"},\"groupId\":{\"S\":\"g\"},\"positions\":{\"M\":{}}}");
    assertThat(storage.findVersions("t", "g")).isEmpty();
    assertThat(storage.findAll()).isEmpty();
    storage.store("t", "g", 0, 3);
    assertThat(storage.find("t", "g", 0)).isEqualTo(Map.of(0, 3L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "03", "0003"})
  void version_isReadHoweverItIsSpelled(String digits) {
    storeAsTheOriginal("topic", "group-v" + digits, 0, 30);
    assertThat(storage.find("topic", "group", 3)).isEqualTo(Map.of(0, 30L));
    assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(3, Map.of(0, 30L)));
    assertThat(storage.findAll()).isEqualTo(Map.of("topic:group:3", Map.of(0, 30L)));
    assertThat(storage.findVersions("topic", "group-v" + digits)).isEmpty();
    assertThat(storage.find("topic", "group-v" + digits, 0)).isEqualTo(Map.of(0, 30L));
  }

  @Test
  void otherSpelling_fillsOnlyPartitionsThatTheVersionLacks() {
    storeAsTheOriginal("topic", "group-v0", 0, 30);
    storeAsTheOriginal("topic", "group-v0", 1, 31);
    storeAsTheOriginal("topic", "group", 1, 5);
    assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 30L, 1, 5L));
    storage.store("topic", "group", 0, 7);
    assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 7L, 1, 5L));
    assertThat(storage.findAll()).isEqualTo(Map.of("topic:group:0", Map.of(0, 7L, 1, 5L)));
    assertThat(itemOf("topic", "group-v0")).contains("\"0\":{\"N\":\"30\"}");
  }

  @Test
  void otherValues_arePassedOver() {
    put(
        "{\"topic\":{\"S\":\"topic\"},\"groupId\":{\"S\":\"group\"},\"other\":{\"S\":\"x\"},"
            + "\"positions\":{\"M\":{\"0\":{\"N\":\"10\"},\"one\":{\"N\":\"1\"},\"2\":{\"S\":\"2\"},"
            + "\"-1\":{\"N\":\"3\"},\"4\":{\"N\":\"-2\"},\"5\":{\"N\":\"9223372036854775807\"},"
            + "\"6\":{\"N\":\"1.5\"},\"07\":{\"N\":\"7\"}}}}");
    put("{\"topic\":{\"S\":\"topic\"},\"groupId\":{\"S\":\"none\"}}");
    put("{\"topic\":{\"S\":\"t\"},\"groupId\":{\"S\":\"text\"},\"positions\":{\"S\":\"5\"}}");
    assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 10L));
    assertThat(storage.findAll()).isEqualTo(Map.of("topic:group:0", Map.of(0, 10L)));
    var failure =
        OpenPositions.failure(storage.storage().store(OpenPositions.position("t", "text", 0), 1));
    assertThat(failure.kind()).isEqualTo(Kind.PRECONDITION);
    assertThat(failure).hasMessageContaining("is no map: delete the item");
  }

  @Test
  void pagesOfATable_areAllRead() {
    // A page ends at 1 MB.
    var filler = "x".repeat(300_000);
    for (int i = 0; i < 8; i++) {
      put(
          "{\"topic\":{\"S\":\"topic\"},\"groupId\":{\"S\":\"group-v%d\"},\"f\":{\"S\":\"%s\"},\"positions\":{\"M\":{\"0\":{\"N\":\"%d\"}}}}"
              .formatted(i + 1, filler, i));
    }
    assertThat(storage.findAll()).hasSize(8);
    assertThat(storage.findVersions("topic", "group")).hasSize(8);
  }

  @Test
  void positionsOfManyPartitions_areStoredByOneCallOfThePort() {
    var offsets = new HashMap<Integer, Long>();
    for (int partition = 0; partition < 250; partition++) {
      offsets.put(partition, partition * 3L);
    }
    var group = new GroupId("group", 1);
    OpenPositions.answer(storage.storage().store(new GroupPositions("topic", group, offsets)));
    assertThat(storage.find("topic", "group", 1)).isEqualTo(offsets);
  }
}
