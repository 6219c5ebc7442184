package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.SubscribeRequest;

/** Topic and group of some members. Immutable. */
public record Plan(String topic, String group, boolean isLatest) {

  SubscribeRequest request() {
    return SubscribeRequest.newBuilder()
        .setTopic(topic)
        .setGroup(group)
        .setAutoOffsetReset(
            isLatest
                ? SubscribeRequest.AutoOffsetReset.LATEST
                : SubscribeRequest.AutoOffsetReset.EARLIEST)
        .build();
  }
}
