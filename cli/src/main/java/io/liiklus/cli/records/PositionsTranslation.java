package io.liiklus.cli.records;

import io.liiklus.api.GroupPositions;
import io.liiklus.cli.positions.PositionsSet;
import io.liiklus.cli.positions.TopicGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Positions in the source as those in the target. Immutable. */
final class PositionsTranslation {

  private final Map<String, TopicProgress> topics = new HashMap<>();

  /**
   * @param copied topics whose partitions were kept
   */
  PositionsTranslation(List<TopicProgress> copied) {
    copied.forEach(topic -> topics.put(topic.topic(), topic));
  }

  boolean contains(TopicGroup key) {
    return topics.containsKey(key.topic());
  }

  /** Positions of other topics are left out. */
  PositionsSet translate(List<GroupPositions> stored) {
    var translated = new PositionsSet();
    for (var positions : stored) {
      var key = new TopicGroup(positions.topic(), positions.group());
      if (contains(key)) {
        var topic = topics.get(key.topic());
        var offsets = new HashMap<Integer, Long>();
        positions
            .offsets()
            .forEach(
                (partition, offset) ->
                    offsets.put(partition, topic.partition(partition).offsets().translate(offset)));
        translated.add(key, offsets);
      }
    }
    return translated;
  }
}
