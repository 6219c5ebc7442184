package io.liiklus.faults;

import static io.liiklus.faults.LogBench.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.faults.load.Pace;
import io.liiklus.faults.load.Publisher;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** Logs that lose their start, are created again, and get more partitions. */
enum LogFault implements TopicFault {
  RETENTION_PASSES_A_POSITION("F8 retention passes a position") {
    @Override
    public void happen(String topic) {
      try (var bench = LogBench.open(topic, 1, Map.of())) {
        var group = bench.stage().group(readers(topic));
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
  },

  RETENTION_PASSES_A_READER("F8 retention passes a reader") {
    @Override
    public void happen(String topic) {
      try (var bench = LogBench.open(topic, 1, Map.of())) {
        var group = bench.stage().group(readers(topic));
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
  },

  MADE_ANEW_BETWEEN("F9 a topic is made anew between two subscriptions") {
    @Override
    public void happen(String topic) {
      try (var bench = LogBench.open(topic, 1, Map.of())) {
        var group = bench.stage().group(readers(topic));
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

        bench.stage().group(readers(topic)).join(Pace.SLOW);

        bench.awaitReceived(bench.stage().groups().get(0), 9);
        assertThat(bench.received(0))
            .containsExactlyElementsOf(LongStream.range(0, 10).boxed().toList());
        assertThat(bench.metric(SKIPS, "truncation")).isEqualTo(1);
        bench.check(MADE_ANEW);
      }
    }
  },

  MADE_ANEW_WITHIN("F9 a topic is made anew under a subscription") {
    @Override
    public void happen(String topic) {
      try (var bench = LogBench.open(topic, 1, Map.of())) {
        var group = bench.stage().group(readers(topic));
        group.join(Pace.SLOW);
        bench.publish("before", 10, 0);
        bench.awaitPosition(group, 9);
        var kafka = SharedDeployment.get().kafka();
        kafka.deleteTopic(topic);
        kafka.createTopic(topic, 1);
        try (var journal = Stage.journal(topic + "-again")) {
          long sinceNs = bench.stage().journal().nowNs();
          // Further than the position: the log's range alone does not show it.
          bench.publish(new Publisher(topic, journal), "after", 30, 0);

          bench.awaitReceived(group, 29);
          assertThat(bench.received(sinceNs))
              .containsExactlyElementsOf(LongStream.range(0, 30).boxed().toList());
          assertThat(bench.metric(SKIPS, "truncation")).isEqualTo(1);
        }
        bench.checkLogs(MADE_ANEW);
      }
    }
  },

  PARTITIONS_GROW("F10 a topic gets more partitions") {
    @Override
    public void happen(String topic) {
      try (var bench = LogBench.open(topic, 3, Map.of());
          var kafka = new DirectProducer(bench.stage())) {
        bench.publish("before", 10, 0);
        try (var group = bench.stage().latestGroup(readers(topic))) {
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
  };

  private static final String LOST = "liiklus_skipped_records_total";
  private static final String SKIPS = "liiklus_skips_total";
  private static final Pattern MADE_ANEW = Pattern.compile("the log was cut or made anew");

  /** 16 MiB: more than a gateway prefetches of a partition that is not read. */
  private static final int LARGE_RECORDS = 64;

  private static final int LARGE_BYTES = 256 << 10;

  private final String title;

  LogFault(String title) {
    this.title = title;
  }

  @Override
  public abstract void happen(String topic);

  @Override
  public String title() {
    return title;
  }

  private static String readers(String topic) {
    return topic + "-readers";
  }
}
