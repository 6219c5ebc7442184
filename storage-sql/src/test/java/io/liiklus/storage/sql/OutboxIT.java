package io.liiklus.storage.sql;

import static io.liiklus.storage.sql.Application.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.SubscriptionRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application may publish by the outbox, and what becomes of it. */
class OutboxIT {

  private static final int PARTITIONS = 4;

  private static PgDatabase database;
  private static Gateway gateway;

  @BeforeAll
  static void open() {
    database = new PgDatabase();
    gateway =
        Gateway.open(
            database
                .settings("gateway")
                .with("partitions", Integer.toString(PARTITIONS))
                .with("maxRecordBytes", "100 KiB"));
    // The first answer makes the tables.
    Gateway.get(gateway.positions.findAll());
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  @Test
  void committedRecord_isDeliveredAsItIs() throws Exception {
    create("whole");
    long fromMs = System.currentTimeMillis();
    publishAlone("whole", "key", "value", "{\"b\": \"1\", \"a\": \"ä€😀\", \"empty\": \"\"}");

    var batch = read("whole", "key");

    assertThat(text(batch.key(0))).isEqualTo("key");
    assertThat(text(batch.value(0))).isEqualTo("value");
    assertThat(batch.timestamp(0)).isBetween(fromMs, System.currentTimeMillis());
    assertThat(batch.headers(0).stream().map(Header::key))
        .containsExactlyInAnyOrder("a", "b", "empty");
    assertThat(value(batch, "a")).isEqualTo(bytes("ä€😀"));
    assertThat(value(batch, "empty")).isEmpty();
  }

  @Test
  void waitingReader_getsTheRecordByThePoll() throws Exception {
    create("polled");
    var reader = gateway.read("polled", "group", new RecordingListener());
    assertThat(Gateway.values(reader, 1)).hasSize(1);
    var open = reader.read();
    assertThat(open.toCompletableFuture()).isNotDone();
    long begunNs = System.nanoTime();

    publishAlone("polled", "key", "value", null);

    assertThat(Gateway.get(open).size()).isEqualTo(1);
    assertThat(Duration.ofNanos(System.nanoTime() - begunNs)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void headersOfAnArray_keepOrderAndRepeats() throws Exception {
    create("array");
    publishAlone(
        "array",
        "key",
        "value",
        "[{\"key\": \"z\", \"value\": \"1\"}, {\"value\": \"2\", \"key\": \"a\"},"
            + " {\"key\": \"z\", \"value\": \"3\"}]");
    var headers = read("array", "key").headers(0);
    assertThat(
            headers.stream()
                .map(header -> header.key() + new String(header.value(), StandardCharsets.UTF_8)))
        .containsExactly("z1", "a2", "z3");
  }

  @Test
  void longNamesAndManyHeaders_areCodedAsTheGatewayDoes() throws Exception {
    create("many");
    var json = new StringBuilder("[");
    for (int i = 0; i < 200; i++) {
      json.append(i == 0 ? "" : ",")
          .append(
              "{\"key\": \"%s%d\", \"value\": \"%s\"}".formatted("k".repeat(i), i, "v".repeat(i)));
    }
    publishAlone("many", "key", "value", json.append("]").toString());
    var headers = read("many", "key").headers(0);
    assertThat(headers).hasSize(200);
    assertThat(headers.get(199).key()).isEqualTo("k".repeat(199) + "199");
    assertThat(headers.get(199).value()).hasSize(199);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[]"})
  void noHeaders_areNone(String headers) throws Exception {
    var topic = "none" + headers.length() + headers.hashCode();
    create(topic);
    publishAlone(topic, "key", null, headers);
    var batch = read(topic, "key");
    assertThat(batch.headers(0)).isEmpty();
    assertThat(batch.value(0)).isNull();
  }

  @Test
  void key_goesToThePartitionThatTheGatewayChooses() throws Exception {
    create("keys");
    var random = new Random(7);
    try (var application = new Application(database)) {
      for (int i = 0; i < 300; i++) {
        var key = new byte[i < 100 ? i : random.nextInt(40)];
        random.nextBytes(key);
        var value = "outbox" + i;
        application.publish("keys", key, bytes(value), null);
        application.commit();
        var record = new RecordToPublish("keys", key, bytes("gateway"), List.of());
        int expected = Gateway.get(gateway.records.publish(record, Gateway.PATIENCE)).partition();
        assertThat(partition("keys", value)).as("key of %d bytes", key.length).isEqualTo(expected);
      }
    }
  }

  @Test
  void recordsWithoutAKey_areSpread() throws Exception {
    create("spread");
    var found = new HashSet<Integer>();
    try (var application = new Application(database)) {
      for (int i = 0; i < 200; i++) {
        application.publish("spread", null, bytes("value" + i), null);
      }
      application.commit();
    }
    for (int i = 0; i < 200; i++) {
      found.add(partition("spread", "value" + i));
    }
    assertThat(found).hasSize(PARTITIONS);
  }

  @Test
  void topicThatIsNotThere_isMadeAtTheCommitAsByTheGateway() throws Exception {
    try (var application = new Application(database)) {
      for (int i = 0; i < 20; i++) {
        application.publish("made", "key" + i % 5, Integer.toString(i));
        application.publish("made too", "key", "refused by its name");
      }
    } catch (SQLException refused) {
      assertThat(refused.getMessage()).contains("topic: \"made too\" is not allowed");
    }
    assertThat(database.ask("select count(*) from liiklus_log where topic = 'made'"))
        .isEqualTo("0");
    try (var application = new Application(database)) {
      for (int i = 0; i < 20; i++) {
        application.publish("made", bytes("key" + i % 5), bytes("m" + i), null);
        application.publish("also-made", null, bytes("n" + i), null);
      }
      application.commit();
    }
    assertThat(database.ask("select count(*) from liiklus_log where topic = 'made'"))
        .isEqualTo(Integer.toString(PARTITIONS));
    for (int i = 0; i < 20; i++) {
      var record = new RecordToPublish("made", bytes("key" + i % 5), bytes("gateway"), List.of());
      int expected = Gateway.get(gateway.records.publish(record, Gateway.PATIENCE)).partition();
      assertThat(partition("made", "m" + i)).isEqualTo(expected);
      assertThat(partition("also-made", "n" + i)).isBetween(0, PARTITIONS - 1);
    }
  }

  @Test
  void recordsOfOneKeyInATransaction_keepTheirOrder() throws Exception {
    create("order");
    try (var application = new Application(database)) {
      for (int i = 0; i < 100; i++) {
        application.publish("order", "key", Integer.toString(i));
        application.publish("order", "other" + i, "other");
      }
      application.commit();
    }
    var sql =
        "select string_agg(convert_from(r.value, 'UTF8'), ',' order by r.off) = '%s'"
            + " from liiklus_record r where key = 'key' and log in"
            + " (select id from liiklus_log where topic = 'order')";
    var expected = new StringBuilder("0");
    for (int i = 1; i < 100; i++) {
      expected.append(',').append(i);
    }
    assertThat(database.ask(sql.formatted(expected))).isEqualTo("t");
    assertThat(database.ask("select count(*) from liiklus_outbox")).isEqualTo("0");
  }

  @Test
  void bytesOfTheLog_countTheRecord() throws Exception {
    create("bytes");
    publishAlone("bytes", "key", "value", "{\"a\": \"b\"}");
    // The number, then lengths and bytes of name and value.
    assertThat(database.ask("select sum(bytes) from liiklus_log where topic = 'bytes'"))
        .isEqualTo(Integer.toString(3 + 5 + 5));
  }

  static void create(String topic) {
    database.ask(
        "insert into liiklus_log (topic, part) select '%s', generate_series(0, %d)"
                .formatted(topic, PARTITIONS - 1)
            + " on conflict do nothing");
  }

  private static void publishAlone(String topic, String key, String value, String headers)
      throws SQLException {
    try (var application = new Application(database)) {
      application.publish(topic, bytes(key), bytes(value), headers);
      application.commit();
    }
  }

  private static RecordBatch read(String topic, String key) {
    var record = new RecordToPublish(topic, bytes(key), bytes("to find the partition"), List.of());
    int partition = Gateway.get(gateway.records.publish(record, Gateway.PATIENCE)).partition();
    var listener = new RecordingListener();
    gateway.records.subscribe(
        new SubscriptionRequest(topic, "group", AutoOffsetReset.EARLIEST), listener);
    Awaitility.await().atMost(Gateway.PATIENCE).until(() -> listener.reader(partition) != null);
    return Gateway.get(listener.reader(partition).read());
  }

  private static int partition(String topic, String value) {
    var sql =
        "select l.part from liiklus_log l join liiklus_record r on r.log = l.id"
            + " where l.topic = '%s' and r.value = '%s'";
    return Integer.parseInt(database.ask(sql.formatted(topic, value)));
  }

  private static byte[] value(RecordBatch batch, String header) {
    return batch.headers(0).stream()
        .filter(found -> found.key().equals(header))
        .findAny()
        .orElseThrow()
        .value();
  }

  private static String text(ByteBuffer buffer) {
    return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
  }
}
