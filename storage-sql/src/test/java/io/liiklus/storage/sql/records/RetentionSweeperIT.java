package io.liiklus.storage.sql.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.MapSettings;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.RecordToPublish;
import io.liiklus.storage.sql.Application;
import io.liiklus.storage.sql.Gateway;
import io.liiklus.storage.sql.PgDatabase;
import io.liiklus.storage.sql.TestSettings;
import io.liiklus.storage.sql.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetentionSweeperIT {

  enum Product {
    SQLITE,
    POSTGRESQL
  }

  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @EnumSource
  void oldRecords_goUpToTheFirstThatIsNotOld(Product product) {
    var settings = settings(product).with("retention.time", "1 h");
    try (var gateway = Gateway.open(settings);
        var topics = new Topics(settings)) {
      publish(gateway, 30, 10, HOUR.multipliedBy(2));
      publish(gateway, 5, 10, Duration.ZERO);
      publish(gateway, 5, 10, HOUR.multipliedBy(2));

      sweeper(topics, settings).sweepAll();

      assertThat(range(gateway)).isEqualTo(new OffsetRange(30, 40));
      assertThat(stored(topics)).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsPastTheBytes_goInStepsAndTheRestIsCounted(Product product) {
    var settings = settings(product).with("retention.bytes", "100 KiB");
    int records = 2 * RetentionSweeper.STEP + 100;
    try (var gateway = Gateway.open(settings);
        var topics = new Topics(settings)) {
      publish(gateway, records, 97, Duration.ZERO);

      sweeper(topics, settings).sweepAll();

      int left = 1024;
      assertThat(range(gateway)).isEqualTo(new OffsetRange(records - left, records));
      assertThat(stored(topics)).isEqualTo(left);
      assertThat(number(topics, "select sum(bytes) from liiklus_log")).isEqualTo(100 * 1024);
    }
  }

  @ParameterizedTest
  @EnumSource
  void wholeLog_mayGoAndItsEndStays(Product product) {
    var settings = settings(product).with("retention.time", "1 h");
    try (var gateway = Gateway.open(settings);
        var topics = new Topics(settings)) {
      publish(gateway, 3, 10, HOUR.multipliedBy(2));

      sweeper(topics, settings).sweepAll();
      sweeper(topics, settings).sweepAll();

      assertThat(range(gateway)).isEqualTo(new OffsetRange(3, 3));
      assertThat(number(topics, "select sum(bytes) from liiklus_log")).isZero();
      publish(gateway, 1, 10, Duration.ZERO);
      assertThat(range(gateway)).isEqualTo(new OffsetRange(3, 4));
    }
  }

  @Test
  void gatewaysThatSweepAtOnce_countEachRecordOnce() {
    var settings = settings(Product.POSTGRESQL).with("retention.bytes", "100 KiB");
    try (var gateway = Gateway.open(settings);
        var topics = new Topics(settings)) {
      publish(gateway, 3_000, 97, Duration.ZERO);

      var sweeps = new ArrayList<CompletableFuture<Void>>();
      for (int i = 0; i < 4; i++) {
        sweeps.add(CompletableFuture.runAsync(sweeper(topics, settings)::sweepAll));
      }
      sweeps.forEach(Gateway::get);

      assertThat(number(topics, "select sum(bytes) from liiklus_log")).isEqualTo(100 * 1024);
      assertThat(stored(topics)).isEqualTo(1024);
    }
  }

  @Test
  void clockThatJumps_removesNothingYoung() {
    var settings = settings(Product.SQLITE).with("retention.time", "1 h");
    try (var gateway = Gateway.open(settings);
        var topics = new Topics(settings)) {
      var ahead = new AtomicLong();
      var clock =
          new RetentionClock(() -> System.currentTimeMillis() + ahead.get(), System::nanoTime);
      var sweeper =
          new RetentionSweeper(topics.database(), RecordsSettings.read(settings), HOUR, clock);
      publish(gateway, 3, 10, HOUR.multipliedBy(2));
      publish(gateway, 5, 10, Duration.ZERO);

      ahead.set(Duration.ofDays(365).toMillis());
      sweeper.sweepAll();

      assertThat(range(gateway)).isEqualTo(new OffsetRange(3, 8));
    }
  }

  @Test
  void logThatSomebodyHasLocked_isPassedOver() throws Exception {
    var database = new PgDatabase();
    var settings = database.settings("one").with("partitions", "1").with("retention.time", "1 h");
    try (var gateway = Gateway.open(settings);
        var topics = new Topics(settings);
        var application = new Application(database)) {
      publish(gateway, 3, 10, HOUR.multipliedBy(2));
      application.publish("topic", "key", "value");
      application.execute("set constraints all immediate");

      sweeper(topics, settings).sweepAll();
      assertThat(range(gateway)).isEqualTo(new OffsetRange(0, 3));

      application.commit();
      sweeper(topics, settings).sweepAll();
      assertThat(range(gateway)).isEqualTo(new OffsetRange(3, 4));
    }
  }

  @Test
  void roomOfRemovedRecords_isGivenBackToTheDisk() {
    var settings = settings(Product.SQLITE).with("retention.bytes", "100 KiB");
    try (var gateway = Gateway.open(settings);
        var topics = new Topics(settings)) {
      publish(gateway, 3_000, 1_000, Duration.ZERO);
      long before = number(topics, "pragma page_count");

      sweeper(topics, settings).sweepAll();

      assertThat(number(topics, "pragma page_count")).isLessThan(before / 4);
    }
  }

  private static MapSettings settings(Product product) {
    var settings =
        product == Product.SQLITE ? TestSettings.ofNewFile() : new PgDatabase().settings("one");
    return settings.with("partitions", "1");
  }

  private static RetentionSweeper sweeper(Topics topics, MapSettings settings) {
    var clock = new RetentionClock(System::currentTimeMillis, System::nanoTime);
    return new RetentionSweeper(topics.database(), RecordsSettings.read(settings), HOUR, clock);
  }

  /** Records of a key of 3 bytes, so old already. */
  private static void publish(Gateway gateway, int count, int bytes, Duration age) {
    var sent = new ArrayList<CompletionStage<?>>();
    long time = System.currentTimeMillis() - age.toMillis();
    for (int i = 0; i < count; i++) {
      sent.add(
          gateway.records.publish(
              new RecordToPublish(
                  "topic",
                  "key".getBytes(UTF_8),
                  new byte[bytes],
                  List.of(),
                  OptionalLong.of(time)),
              Gateway.PATIENCE));
    }
    sent.forEach(Gateway::get);
  }

  private static OffsetRange range(Gateway gateway) {
    return Gateway.get(gateway.records.endOffsets("topic")).get(0);
  }

  private static long stored(Topics topics) {
    return number(topics, "select count(*) from liiklus_record");
  }

  private static long number(Topics topics, String sql) {
    return topics
        .database()
        .askNow(
            connection -> {
              try (var statement = connection.createStatement();
                  var found = statement.executeQuery(sql)) {
                found.next();
                return found.getLong(1);
              }
            });
  }
}
