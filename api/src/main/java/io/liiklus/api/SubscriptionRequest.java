package io.liiklus.api;

import java.util.Objects;

/**
 * Topic and group of a subscription. Immutable.
 *
 * @param groupName the name alone: all versions of a group share out the partitions
 */
public record SubscriptionRequest(String topic, String groupName, AutoOffsetReset reset) {

  public SubscriptionRequest {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(groupName, "groupName");
    Objects.requireNonNull(reset, "reset");
  }
}
