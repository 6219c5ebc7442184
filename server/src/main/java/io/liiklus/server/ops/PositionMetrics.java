package io.liiklus.server.ops;

import io.liiklus.api.GroupPositions;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stored positions as the original's metric {@code liiklus_topic_position}; {@code isLatest} marks
 * the highest version of a group in a topic. Immutable.
 */
final class PositionMetrics {

  private record TopicGroup(String topic, String name) {}

  private PositionMetrics() {}

  static GaugeSnapshot snapshot(List<GroupPositions> stored) {
    Map<TopicGroup, Integer> latest = new HashMap<>();
    for (var positions : stored) {
      latest.merge(key(positions), positions.group().version(), Math::max);
    }
    var gauge =
        GaugeSnapshot.builder()
            .name("liiklus_topic_position")
            .help("The stored position: the last acknowledged offset.");
    for (var positions : stored) {
      boolean isLatest = latest.get(key(positions)) == positions.group().version();
      positions
          .offsets()
          .forEach(
              (partition, offset) ->
                  gauge.dataPoint(
                      GaugeDataPointSnapshot.builder()
                          .labels(labels(positions, partition, isLatest))
                          .value(offset)
                          .build()));
    }
    return gauge.build();
  }

  private static TopicGroup key(GroupPositions positions) {
    return new TopicGroup(positions.topic(), positions.group().name());
  }

  private static Labels labels(GroupPositions positions, int partition, boolean isLatest) {
    return Labels.of(
        "topic", positions.topic(),
        "groupName", positions.group().name(),
        "groupVersion", Integer.toString(positions.group().version()),
        "isLatest", Boolean.toString(isLatest),
        "partition", Integer.toString(partition));
  }
}
