package io.liiklus.storage.sql;

import static io.liiklus.storage.sql.Application.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Transactions of applications beside the gateway's own: who waits for whom, and the offsets. */
class OutboxTransactionsIT extends OutboxCase {

  @Test
  void openTransaction_blocksNobodyAndIsAppendedAtItsCommit() throws Exception {
    try (var slow = new Application(database);
        var quick = new Application(database)) {
      slow.publish("topic", "key", "slow");
      for (int i = 0; i < 20; i++) {
        assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isEqualTo(2L * i);
        quick.publish("topic", "key", "quick");
        quick.commit();
      }
      assertThat(database.ask("select count(*) from liiklus_record where value = 'slow'"))
          .isEqualTo("0");
      slow.commit();
      assertThat(offset("slow")).isEqualTo(40);
      assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isEqualTo(41);
    }
  }

  @Test
  void rolledBackTransaction_leavesNothingAndNoGap() throws Exception {
    try (var application = new Application(database)) {
      application.publish("topic", "key", "gone");
      application.rollBack();
      application.publish("topic", "key", "kept");
      application.execute("savepoint a");
      application.publish("topic", "key", "gone");
      application.publish("topic", "other", "gone");
      application.execute("rollback to a");
      application.publish("topic", "key", "kept too");
      application.execute("savepoint b");
      application.publish("topic", "key", "released");
      application.execute("release b");
      assertThatThrownBy(() -> application.execute("savepoint c; select 1/0"))
          .isInstanceOf(SQLException.class);
      application.execute("rollback to c");
      application.commit();
    }
    assertThat(offset("kept")).isZero();
    assertThat(offset("kept too")).isEqualTo(1);
    assertThat(offset("released")).isEqualTo(2);
    assertGapless(3);
  }

  @Test
  void connectionThatEnds_leavesNothing() throws Exception {
    var application = new Application(database);
    application.publish("topic", "key", "gone");
    assertThatThrownBy(() -> application.execute("select pg_terminate_backend(pg_backend_pid())"))
        .isInstanceOf(SQLException.class);
    assertThat(Gateway.get(gateway.publish("topic", "value")).offset()).isZero();
    assertGapless(1);
  }

  @Test
  void serializableTransaction_failsAsAWholeWhereOthersAppendedMeanwhile() throws Exception {
    try (var application = new Application(database)) {
      application.execute("set transaction isolation level serializable");
      application.publish("topic", "key", "kept");
      application.commit();
      application.execute("set transaction isolation level repeatable read");
      application.publish("topic", "key", "gone");
      Gateway.get(gateway.publish("topic", "value"));
      assertThatThrownBy(application::commit)
          .isInstanceOfSatisfying(
              SQLException.class, failure -> assertThat(failure.getSQLState()).isEqualTo("40001"));
      application.execute("set transaction isolation level serializable");
      application.publish("topic", "key", "again");
      application.commit();
      assertThat(offset("again")).isEqualTo(2);
      assertGapless(3);
    }
  }

  @Test
  void readOnlyTransaction_isRefused() throws Exception {
    try (var application = new Application(database)) {
      application.execute("set transaction read only");
      assertThatThrownBy(() -> application.publish("topic", "key", "value"))
          .hasMessageContaining("read-only transaction");
    }
  }

  @Test
  void topicThatIsDeletedMeanwhile_failsTheCommit() throws Exception {
    try (var application = new Application(database)) {
      application.publish("topic", "key", "value");
      database.ask("delete from liiklus_log");
      assertThatThrownBy(application::commit)
          .hasMessageContaining("deleted or made anew meanwhile");
    }
  }

  @Test
  void manyTransactions_leaveNoGapAndNoDuplicateAndKeepTheOrderOfEachKey() throws Exception {
    int threads = 8;
    int transactions = 40;
    var topics = List.of("a", "b", "c");
    var pool = Executors.newFixedThreadPool(threads);
    try (var other = open("other")) {
      var done = new ArrayList<CompletableFuture<Void>>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        done.add(CompletableFuture.runAsync(() -> publishMany(topics, thread, transactions), pool));
      }
      var sent = new ArrayList<CompletionStage<PublishedRecord>>();
      for (int i = 0; i < 1000; i++) {
        var by = i % 2 == 0 ? gateway : other;
        var key = "g" + i % 14;
        var record =
            new RecordToPublish(topics.get(i % 3), bytes(key), bytes(key + " " + i), List.of());
        sent.add(by.records.publish(record, LONG));
        if (i % 100 == 0) {
          Gateway.get(sent.get(i));
        }
      }
      for (var all : done) {
        all.get(120, TimeUnit.SECONDS);
      }
      sent.forEach(stage -> stage.toCompletableFuture().orTimeout(2, TimeUnit.MINUTES).join());
    } finally {
      pool.shutdownNow();
    }
    assertGapless(threads * transactions * 6 + 1000);
    // Each value has its key and a number that rises.
    assertThat(
            database.ask(
                "select count(*) from (select split_part(convert_from(value, 'UTF8'), ' ', 2)::int"
                    + " - lag(split_part(convert_from(value, 'UTF8'), ' ', 2)::int)"
                    + " over (partition by log, key order by off) as step from liiklus_record) s"
                    + " where step <= 0"))
        .isEqualTo("0");
    assertThat(
            database.ask(
                "select count(*) - count(distinct (l.topic, r.value)) from liiklus_record r"
                    + " join liiklus_log l on l.id = r.log"))
        .isEqualTo("0");
  }

  /** Two records for each of three topics in a transaction, in another order each time. */
  private void publishMany(List<String> topics, int thread, int transactions) {
    try (var application = new Application(database)) {
      for (int i = 0; i < transactions; i++) {
        for (int j = 0; j < 6; j++) {
          var key = "t" + thread + "-" + j;
          application.publish(topics.get((i + j + thread) % 3), key, key + " " + i);
        }
        application.commit();
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
