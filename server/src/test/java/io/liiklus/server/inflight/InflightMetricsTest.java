package io.liiklus.server.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.server.inflight.InflightMetrics.Wait;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InflightMetricsTest {

  private static final GroupId GROUP = new GroupId("group", 1);

  private final InflightMetrics metrics = new InflightMetrics();

  @Test
  void group_isTheSumOfItsPartitions() {
    var first = metrics.open("topic", GROUP);
    var second = metrics.open("topic", GROUP);
    var other = metrics.open("topic", new GroupId("group", 2));
    first.set(3, 20, 1);
    first.waitsFor(Wait.AHEAD);
    second.set(4, 10, 0);
    other.set(5, 1, 0);

    var group = groups().stream().filter(one -> one.group().equals(GROUP)).findAny().orElseThrow();

    assertThat(group.topic()).isEqualTo("topic");
    assertThat(group.unacked()).isEqualTo(7);
    assertThat(group.retries()).isEqualTo(1);
    assertThat(group.oldestAgeNs(25)).isEqualTo(15);
    assertThat(group.waiting(Wait.AHEAD)).isEqualTo(1);
    assertThat(group.waiting(Wait.NOTHING)).isEqualTo(1);
  }

  @Test
  void groupWithoutPartitions_isForgotten() {
    var report = metrics.open("topic", GROUP);
    assertThat(groups()).hasSize(1);

    report.close();

    assertThat(groups()).isEmpty();
  }

  @Test
  void groupWithDeadLetters_staysWithItsCounts() {
    var report = metrics.open("topic", GROUP);
    metrics.onDeadLetter("topic", GROUP, true);
    report.close();
    metrics.onDeadLetter("topic", GROUP, false);

    assertThat(groups()).hasSize(1);
    assertThat(groups().get(0).deadLetters()).isEqualTo(1);
    assertThat(groups().get(0).deadLetterFailures()).isEqualTo(1);
    assertThat(groups().get(0).unacked()).isZero();
  }

  @Test
  void groupsPastTheBound_areForgottenWithTheirCounts() {
    for (int i = 0; i < InflightMetrics.MOST_GROUPS + 10; i++) {
      metrics.onDeadLetter("topic-" + i, GROUP, true);
    }
    assertThat(groups()).hasSize(InflightMetrics.MOST_GROUPS);

    try (var report = metrics.open("topic", GROUP)) {
      assertThat(report.unacked()).isZero();
      assertThat(groups()).hasSize(InflightMetrics.MOST_GROUPS + 1);
    }
  }

  private List<InflightGroup> groups() {
    var groups = new ArrayList<InflightGroup>();
    metrics.forEach(groups::add);
    return groups;
  }
}
