package io.liiklus.storage.sql;

import static io.liiklus.storage.sql.Application.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.RecordToPublish;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application may not publish by the outbox: each text names the argument. */
class OutboxRefusalsIT {

  private static final String INVALID = "22023";

  private static PgDatabase database;
  private static Gateway gateway;

  @BeforeAll
  static void open() {
    database = new PgDatabase();
    gateway = Gateway.open(database.settings("gateway").with("maxRecordBytes", "100 KiB"));

    // The first answer makes the tables.
    Gateway.get(gateway.positions.findAll());
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "5| headers: is a number",
        "\"text\"| headers: is a string",
        "{\"a\": 1}| headers: the value of \"a\" is a number; a text",
        "{\"a\": null}| headers: the value of \"a\" is null; a text",
        "{\"a\": true}| headers: the value of \"a\" is a boolean; a text",
        "{\"a\": {}}| headers: the value of \"a\" is an object; a text",
        "{\"a\": [\"b\"]}| headers: the value of \"a\" is an array; a text",
        "{\"\": \"b\"}| headers: the name of number 0 is empty",
        "[1]| headers[0]: is not allowed; {\"key\": text, \"value\": text}",
        "[\"a\"]| headers[0]: is not allowed",
        "[null]| headers[0]: is not allowed",
        "[[]]| headers[0]: is not allowed",
        "[{\"key\": \"a\", \"value\": \"b\"}, {\"key\": \"a\"}]| headers[1]: is not allowed",
        "[{\"key\": 1, \"value\": \"b\"}]| headers[0]: is not allowed",
        "[{\"key\": null, \"value\": \"b\"}]| headers[0]: is not allowed",
        "[{\"key\": \"a\", \"value\": \"b\", \"c\": \"d\"}]| headers[0]: is not allowed",
        "[{\"key\": \"a\", \"value\": 1}]| headers: the value of \"a\" is a number",
      })
  void headersThatAreNoTexts_areRefusedByName(String headers, String text) throws Exception {
    var failure = refused("headers", bytes("key"), bytes("value"), headers);
    assertThat(failure).startsWith(INVALID).contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a/b", "ä", ".", "..", "a b", "a\n", "a'b"})
  void topicThatIsNotAllowed_isRefusedByName(String topic) throws Exception {
    var failure = refused(topic, null, null, null);
    assertThat(failure)
        .startsWith(INVALID)
        .contains("topic: \"" + topic + "\" is not allowed; 1 to 249 of A-Z, a-z, 0-9");
  }

  @Test
  void nullOrLongTopic_isRefusedByName() throws Exception {
    assertThat(refused(null, null, null, null)).contains("topic: is null; 1 to 249");
    assertThat(refused("t".repeat(250), null, null, null)).contains("topic: \"ttt");
    assertThat(refused("t".repeat(249), null, null, null)).isEmpty();
  }

  @Test
  void sizeOfARecord_isBoundedAsByTheGateway() throws Exception {
    int most = 100 * 1024;
    int rest = most - 64 - 3;
    assertThat(refused("size", bytes("key"), new byte[rest], null)).isEmpty();
    var failure = refused("size", bytes("key"), new byte[rest + 1], null);
    assertThat(failure).contains("at most 102400 are allowed (sql.maxRecordBytes)");
    var headers = "{\"a\": \"%s\"}".formatted("h".repeat(rest - 64));
    assertThat(refused("size", bytes("key"), null, headers)).contains("at most 102400");
    assertThat(refused("size", null, new byte[10_000_000], null)).contains("10000064");
    var record = new RecordToPublish("size", bytes("key"), new byte[rest + 1], List.of());
    assertThat(Gateway.failure(gateway.records.publish(record, Gateway.PATIENCE)))
        .hasMessageContaining("at most 102400 are allowed");
  }

  /** State and text of the refusal; empty where there is none. */
  private static String refused(String topic, byte[] key, byte[] value, String headers)
      throws SQLException {
    try (var application = new Application(database)) {
      application.publish(topic, key, value, headers);
      return "";
    } catch (SQLException failure) {
      return failure.getSQLState() + " " + failure.getMessage();
    }
  }
}
