package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest.AutoOffsetReset;
import io.liiklus.client.ConsumerBuilder;
import io.liiklus.client.LiiklusClient;

/**
 * Topic and group to read, and when to end. Immutable.
 *
 * @param isOfEvents whether each record is to be an event
 * @param isAcking whether positions are stored
 * @param count how many records end the run; 0: none does
 */
record ReceivePlan(
    String topic,
    Group group,
    AutoOffsetReset from,
    boolean isOfEvents,
    boolean isAcking,
    long count) {

  /** What waits here of each partition, beside one reply: a topic may have many. */
  private static final int MAX_RECORDS = 1_000;

  private static final int MAX_BYTES = 512 << 10;

  /** A group and its version. Immutable. */
  record Group(String name, int version) {
    @Override
    public String toString() {
      return version == 0 ? name : name + " version " + version;
    }
  }

  /** The consumer of this, whose handler is called by one thread. */
  ConsumerBuilder consumer(LiiklusClient client) {
    var consumer =
        client
            .consumer(topic, group.name())
            .version(group.version())
            .startAt(from)
            .parallelism(1)
            .maxUnackedRecords(MAX_RECORDS)
            .maxUnackedBytes(MAX_BYTES);
    if (isOfEvents) {
      consumer.events();
    }
    return isAcking ? consumer : consumer.withoutAcks();
  }

  GetOffsetsRequest offsets() {
    return GetOffsetsRequest.newBuilder()
        .setTopic(topic)
        .setGroup(group.name())
        .setGroupVersion(group.version())
        .build();
  }
}
