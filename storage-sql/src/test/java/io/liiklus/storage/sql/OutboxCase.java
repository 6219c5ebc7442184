package io.liiklus.storage.sql;

import static io.liiklus.storage.sql.Application.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database with an outbox and a gateway, and what tests of transactions ask of them. */
abstract class OutboxCase {

  static final int PARTITIONS = 4;

  /** Of publishes that wait for a lock: no bound of the tests. */
  static final Duration LONG = Duration.ofMinutes(5);

  final PgDatabase database = new PgDatabase();
  final Gateway gateway = open("gateway");

  @BeforeEach
  void create() {
    create("topic");
  }

  @AfterEach
  void close() {
    // Of a test that failed: the server is shared.
    for (var name : List.of("pay", "both")) {
      if (!database
          .ask("select gid from pg_prepared_xacts where gid = '%s'".formatted(name))
          .isEmpty()) {
        database.ask("rollback prepared '" + name + "'");
      }
    }
    gateway.close();
  }

  Gateway open(String name) {
    return Gateway.open(database.settings(name).with("partitions", Integer.toString(PARTITIONS)));
  }

  void create(String topic) {
    // The first answer to a gateway makes the tables.
    Gateway.get(gateway.positions.findAll());
    database.ask(
        "insert into liiklus_log (topic, part) select '%s', generate_series(0, %d)"
            .formatted(topic, PARTITIONS - 1));
  }

  CompletionStage<PublishedRecord> publish(String key, String value) {
    return gateway.records.publish(
        new RecordToPublish("topic", bytes(key), bytes(value), List.of()), LONG);
  }

  long offset(String value) {
    return Long.parseLong(
        database.ask("select off from liiklus_record where value = '%s'".formatted(value)));
  }

  /** All logs have the records that their ranges say, and so many are there in all. */
  void assertGapless(int records) {
    assertThat(database.ask("select count(*) from liiklus_record"))
        .isEqualTo(Integer.toString(records));
    assertThat(
            database.ask(
                "select count(*) from liiklus_log l where l.end_off <> (select count(*)"
                    + " from liiklus_record r where r.log = l.id and r.off < l.end_off)"))
        .isEqualTo("0");
  }

  static List<Long> range(int from, int end) {
    return IntStream.range(from, end).mapToObj(number -> (long) number).toList();
  }
}
