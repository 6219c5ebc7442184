package io.liiklus.faults;

import static io.liiklus.faults.LogBench.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.faults.load.Pace;
import io.liiklus.faults.load.Publisher;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Logs that lose their beginning, are made anew, and grow partitions. */
class LogFaultsIT {

  private static final String LOST = "liiklus_skipped_records_total";
  private static final String SKIPS = "liiklus_skips_total";
  private static final Pattern MADE_ANEW = Pattern.compile("the log was cut or made anew");

  /** 16 MiB: more than a gateway holds of a partition that is not read. */
  private static final int LARGE_RECORDS = 64;

  private static final int LARGE_BYTES = 256 << 10;

  @Test
  void a_position_that_retention_has_passed_goes_on_at_the_start_of_the_log() {
    try (var bench = LogBench.open("retention-passes-a-position", 1, Map.of())) {
      var group = bench.stage().group("retention-readers");
      var member = group.join(Pace.SLOW);
      bench.publish("before", 100, 0);
      bench.awaitPosition(group, 99);
      group.leave(member);
      bench.publish("after", 100, 0);
      bench.deployment().kafka().deleteRecords(bench.stage().topic(), PARTITION, 160);
      long sinceNs = bench.stage().journal().nowNs();

      group.join(Pace.SLOW);

      bench.awaitReceived(group, 199);
      assertThat(bench.received(sinceNs))
          .containsExactlyElementsOf(LongStream.range(160, 200).boxed().toList());
      assertThat(bench.metric(LOST, "retention")).isEqualTo(60);
      bench.check();
    }
  }

  @Test
  void records_that_retention_takes_before_they_are_read_are_counted() {
    try (var bench = LogBench.open("retention-passes-a-reader", 1, Map.of())) {
      var group = bench.stage().group("retention-slow-readers");
      group.join(Pace.FAST);
      bench.publish("first", 1, 0);
      bench.awaitReceived(group, 0);
      group.stall(PARTITION);
      bench.publish("large", LARGE_RECORDS, LARGE_BYTES);
      bench.deployment().kafka().deleteRecords(bench.stage().topic(), PARTITION, LARGE_RECORDS);

      group.resume(PARTITION);

      bench.awaitReceived(group, LARGE_RECORDS);
      long lost = bench.metric(LOST, "retention");
      assertThat(lost).isPositive();
      assertThat(group.receivedCount() + lost).isEqualTo(1 + LARGE_RECORDS);
      bench.check();
    }
  }

  @Test
  void a_position_beyond_a_topic_made_anew_begins_at_its_start() {
    var topic = "made-anew-between";
    try (var bench = LogBench.open(topic, 1, Map.of())) {
      var group = bench.stage().group("made-anew-readers");
      var member = group.join(Pace.SLOW);
      bench.publish("before", 100, 0);
      bench.awaitPosition(group, 99);
      group.leave(member);
    }
    var kafka = SharedDeployment.get().kafka();
    kafka.deleteTopic(topic);
    kafka.createTopic(topic, 1);
    try (var bench = LogBench.again(topic, topic + "-again")) {
      bench.publish("after", 10, 0);

      bench.stage().group("made-anew-readers").join(Pace.SLOW);

      bench.awaitReceived(bench.stage().groups().get(0), 9);
      assertThat(bench.received(0))
          .containsExactlyElementsOf(LongStream.range(0, 10).boxed().toList());
      assertThat(bench.metric(SKIPS, "truncation")).isEqualTo(1);
      bench.check(MADE_ANEW);
    }
  }

  @Test
  void a_topic_made_anew_is_read_from_its_start_by_a_running_subscription() {
    var topic = "made-anew-within";
    try (var bench = LogBench.open(topic, 1, Map.of())) {
      var group = bench.stage().group("running-readers");
      group.join(Pace.SLOW);
      bench.publish("before", 10, 0);
      bench.awaitPosition(group, 9);
      var kafka = SharedDeployment.get().kafka();
      kafka.deleteTopic(topic);
      kafka.createTopic(topic, 1);
      try (var journal = Stage.journal(topic + "-again")) {
        long sinceNs = bench.stage().journal().nowNs();
        // Further than the position: the log's range alone does not tell.
        bench.publish(new Publisher(topic, journal), "after", 30, 0);

        bench.awaitReceived(group, 29);
        assertThat(bench.received(sinceNs))
            .containsExactlyElementsOf(LongStream.range(0, 30).boxed().toList());
        // Once by the topic's id; once more where Kafka's client has seen the log diverge before.
        assertThat(bench.metric(SKIPS, "truncation")).isBetween(1L, 2L);
      }
      bench.checkLogs(MADE_ANEW);
    }
  }

  @Test
  void no_record_of_a_new_partition_is_missed_by_a_group_that_began_at_the_end() {
    try (var bench = LogBench.open("partitions-grow", 3, Map.of());
        var kafka = new DirectProducer(bench.stage())) {
      bench.publish("before", 10, 0);
      try (var group = bench.stage().latestGroup("growth-readers")) {
        group.join(Pace.FAST);
        group.join(Pace.FAST);
        bench.stage().awaitHeld(group, 3);

        bench.deployment().kafka().addPartitions(bench.stage().topic(), 6);
        // At once: nobody reads the new partitions yet.
        for (int partition = 3; partition < 6; partition++) {
          kafka.publish(partition, 20);
        }

        bench.stage().awaitHeld(group, 6);
        kafka.publish(3, 20);
        bench.stage().awaitReceivedOf(group, partition -> partition >= 3);
        assertThat(group.hasReceived(PARTITION, 0)).isFalse();
      }
      bench.check();
    }
  }
}
