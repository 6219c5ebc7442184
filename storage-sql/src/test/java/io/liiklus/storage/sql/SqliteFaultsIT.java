package io.liiklus.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.MapSettings;
import io.liiklus.api.PositionId;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Withdrawable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A database that takes no writes for a while: locked by another program, or on a full disk. */
class SqliteFaultsIT {

  private static final PositionId POSITION = new PositionId("topic", new GroupId("group", 0), 0);

  private final Path file = TestSettings.newFolder().resolve("test.db");
  private final MapSettings settings =
      TestSettings.of("jdbc:sqlite:" + file)
          .with("connectTimeout", "250 ms")
          .with("maxPendingBytes", "64 KiB")
          .with("maxRecordBytes", "32 KiB");
  private final Gateway gateway = Gateway.open(settings);

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void recordsWhileTheFileIsLocked_areStoredInOrderAfterwards() throws Exception {
    Gateway.get(gateway.publish("topic", "before"));
    var sent = new ArrayList<CompletionStage<PublishedRecord>>();
    try (var other = Sqlite.open(file)) {
      other.run("begin immediate");
      for (int i = 0; i < 20; i++) {
        sent.add(gateway.publish("topic", Integer.toString(i)));
      }
      var failure = Gateway.failure(gateway.positions.store(POSITION, 1));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure.isNotStored()).isTrue();
      assertThat(sent).noneMatch(stage -> stage.toCompletableFuture().isDone());
      other.run("rollback");
    }
    long offset = 1;
    for (var published : sent) {
      assertThat(Gateway.get(published).offset()).isEqualTo(offset++);
    }
  }

  @Test
  void recordWhosePatienceIsOver_failsAndIsNeverStored() throws Exception {
    Gateway.get(gateway.publish("topic", "before"));
    try (var other = Sqlite.open(file)) {
      other.run("begin immediate");
      long begunNs = System.nanoTime();
      var failure = Gateway.failure(gateway.publish("topic", "late", Duration.ofMillis(400)));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure.isNotStored()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - begunNs)).isLessThan(Duration.ofSeconds(2));
      other.run("rollback");
    }
    assertThat(Gateway.get(gateway.publish("topic", "after")).offset()).isEqualTo(1);
  }

  @Test
  void recordThatWaits_canBeTakenBack() throws Exception {
    Gateway.get(gateway.publish("topic", "before"));
    try (var other = Sqlite.open(file)) {
      other.run("begin immediate");
      var begun = gateway.publish("topic", "begun, maybe");
      var waiting = gateway.publish("topic", "waits");
      Awaitility.await().until(() -> ((Withdrawable) waiting).withdraw());
      other.run("rollback");
      assertThat(Gateway.get(begun).offset()).isEqualTo(1);
    }
    assertThat(Gateway.get(gateway.publish("topic", "after")).offset()).isEqualTo(2);
  }

  @Test
  void storageThatIsFull_saysSoAndNotifiesOfRoom() throws Exception {
    Gateway.get(gateway.publish("topic", "before"));
    var room = new CountDownLatch(1);
    gateway.records.onRoom(room::countDown);
    var sent = new ArrayList<CompletionStage<PublishedRecord>>();
    try (var other = Sqlite.open(file)) {
      other.run("begin immediate");
      for (int i = 0; i < 6; i++) {
        sent.add(gateway.publish("topic", "x".repeat(10_000)));
      }
      var refused = Gateway.failure(gateway.publish("topic", "x".repeat(10_000)));
      assertThat(refused.kind()).isEqualTo(Kind.FULL);
      assertThat(refused.isNotStored()).isTrue();
      assertThat(room.getCount()).isEqualTo(1);
      other.run("rollback");
    }
    sent.forEach(Gateway::get);
    assertThat(room.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(Gateway.get(gateway.publish("topic", "after")).offset()).isEqualTo(7);
  }

  @Test
  void fullDisk_isToldByPublishesPositionsAndTheCheck() throws Exception {
    Gateway.get(gateway.publish("topic", "before"));
    try (var topics = new Topics(settings)) {
      topics.run("pragma max_page_count = 1");
      var failure = publishUntilFull();
      assertThat(failure.kind()).isEqualTo(Kind.EXHAUSTED);
      assertThat(failure.isNotStored()).isTrue();
      assertThat(failure.getMessage()).contains("SQLITE_FULL").contains("sql.retention");
      assertThat(Gateway.failure(gateway.records.check()).kind()).isEqualTo(Kind.EXHAUSTED);

      topics.run("pragma max_page_count = 1000000");
      Gateway.get(gateway.publish("topic", "after"));
      assertThat(Gateway.get(gateway.records.check())).isNull();
    }
  }

  private StorageException publishUntilFull() {
    for (int i = 0; i < 100; i++) {
      var published = gateway.publish("topic", "x".repeat(20_000)).toCompletableFuture();
      var failed = published.handle((stored, failure) -> failure);
      if (Gateway.get(failed) != null) {
        return StorageException.of(Gateway.get(failed));
      }
    }
    throw new AssertionError("never full");
  }

  @Test
  void topicDeletedBehindItsBack_isMadeAnewByTheNextPublish() {
    Gateway.get(gateway.publish("topic", "first"));
    Gateway.get(gateway.publish("topic", "second"));
    try (var topics = new Topics(settings)) {
      topics.delete("topic");
    }
    var failure = Gateway.failure(gateway.publish("topic", "lost"));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.isNotStored()).isTrue();
    assertThat(Gateway.get(gateway.publish("topic", "again")).offset()).isZero();
  }
}
