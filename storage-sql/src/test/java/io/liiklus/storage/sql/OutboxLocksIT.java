package io.liiklus.storage.sql;

import static io.liiklus.storage.sql.Application.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.GroupId;
import io.liiklus.api.LoggedLines;
import io.liiklus.api.PositionId;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Partitions that transactions of applications have locked: what waits for them, and what not. */
class OutboxLocksIT extends OutboxCase {

  @Test
  void preparedTransaction_blocksItsPartitionsAloneUntilItIsDecided() throws Exception {
    try (var application = new Application(database);
        var lines = LoggedLines.of("io.liiklus.storage.sql.database.LockedLogWriter")) {
      application.publish("topic", "key", "prepared");
      application.execute("prepare transaction 'pay'");
      var others = keysOfOtherPartitions("key");

      var impatient = gateway.publish("topic", "late", Duration.ofMillis(900));
      var patient = new ArrayList<CompletionStage<PublishedRecord>>();
      for (int i = 0; i < 20; i++) {
        patient.add(gateway.publish("topic", "patient" + i, LONG));
        // All other partitions, by either writer.
        others.stream().map(key -> publish(key, "other")).toList().forEach(Gateway::get);
      }
      var failure = Gateway.failure(impatient);
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure.isNotStored()).isTrue();
      assertThat(failure).hasMessageContaining("pg_prepared_xacts").hasMessageContaining("locked");
      var position = new PositionId("topic", new GroupId("group", 0), 0);
      assertThat(Gateway.get(gateway.positions.store(position, 1))).isNull();
      assertThat(Gateway.get(gateway.records.check())).isNull();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !lines.warnings().isEmpty());
      assertThat(lines.warnings().get(0))
          .contains("partition that another transaction has locked, partition=topic/");

      database.ask("commit prepared 'pay'");

      assertThat(patient.stream().map(stage -> Gateway.get(stage).offset()))
          .containsExactlyElementsOf(range(1, 21));
      assertThat(offset("prepared")).isZero();
      assertThat(lines.warnings()).hasSize(1);
      assertThat(Gateway.get(gateway.publish("topic", "after")).offset()).isEqualTo(21);
    }
  }

  @Test
  void preparedTransactionThatIsRolledBack_leavesNoGap() throws Exception {
    try (var application = new Application(database)) {
      for (int key = 0; key < 20; key++) {
        application.publish("topic", "k" + key, "gone");
      }
      application.execute("prepare transaction 'both'");
      var waiting = new ArrayList<CompletionStage<PublishedRecord>>();
      for (int i = 0; i < 100; i++) {
        waiting.add(publish("k" + i % 20, "value" + i));
      }
      create("free");
      var record = new RecordToPublish("free", bytes("key"), bytes("value"), List.of());
      Gateway.get(gateway.records.publish(record, Gateway.PATIENCE));
      assertThat(waiting).noneMatch(stage -> stage.toCompletableFuture().isDone());

      database.ask("rollback prepared 'both'");

      waiting.forEach(Gateway::get);
      assertGapless(101);
      assertThat(database.ask("select count(*) from liiklus_record where value = 'gone'"))
          .isEqualTo("0");
    }
  }

  @Test
  void preparedTransactionThatMakesATopic_blocksThatTopicAlone() throws Exception {
    try (var application = new Application(database)) {
      application.publish("new", "key", "prepared");
      application.execute("prepare transaction 'pay'");
      var waiting = new ArrayList<CompletionStage<PublishedRecord>>();
      for (int i = 0; i < 5; i++) {
        waiting.add(gateway.publish("new", "value", LONG));
      }
      var impatient = Gateway.failure(gateway.publish("new", "late", Duration.ofMillis(900)));
      assertThat(impatient.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(impatient.isNotStored()).isTrue();
      for (int i = 0; i < 20; i++) {
        var position = new PositionId("topic", new GroupId("group", 0), i);
        assertThat(Gateway.get(gateway.positions.store(position, 1))).isNull();
        Gateway.get(gateway.publish("newer" + i, "value"));
      }

      database.ask("commit prepared 'pay'");

      assertThat(waiting.stream().map(stage -> Gateway.get(stage).offset()))
          .containsExactlyElementsOf(range(1, 6));
    }
  }

  @Test
  void applicationThatWaitsForALockedPartition_isBoundedByItsOwnSetting() throws Exception {
    try (var holder = new Application(database);
        var application = new Application(database)) {
      holder.publish("topic", "key", "holder");
      holder.execute("set constraints all immediate");
      application.execute("set local lock_timeout = '100ms'");
      application.publish("topic", "key", "gone");
      assertThatThrownBy(application::commit).hasMessageContaining("lock timeout");
      holder.commit();
      application.publish("topic", "key", "kept");
      application.commit();
      assertThat(offset("kept")).isEqualTo(1);
    }
  }

  @Test
  void constraintsThatAreImmediate_appendAtOnceInOrder() throws Exception {
    try (var application = new Application(database)) {
      application.publish("topic", "key", "first");
      application.execute("set constraints all immediate");
      application.publish("topic", "key", "second");
      var waiting = gateway.publish("topic", "third", LONG);
      application.execute("savepoint a");
      application.publish("topic", "key", "gone");
      application.execute("rollback to a");
      application.commit();
      assertThat(Gateway.get(waiting).offset()).isEqualTo(2);
      assertThat(offset("first")).isZero();
      assertThat(offset("second")).isEqualTo(1);
      assertGapless(3);
    }
  }

  /** One of each partition but that of the key. */
  private List<String> keysOfOtherPartitions(String key) {
    var sql =
        "select string_agg(k, ',') from (select min('k' || i) as k from generate_series(1, 100) i"
            + " group by liiklus_outbox_partition(convert_to('k' || i, 'UTF8'), %1$d)"
            + " having liiklus_outbox_partition(convert_to(min('k' || i), 'UTF8'), %1$d)"
            + " <> liiklus_outbox_partition('%2$s', %1$d)) found";
    var keys = List.of(database.ask(sql.formatted(PARTITIONS, key)).split(","));
    assertThat(keys).hasSize(PARTITIONS - 1);
    return keys;
  }
}
