package io.liiklus.api;

import java.util.List;
import java.util.Objects;

/**
 * A record on its way into the log. The arrays belong to the storage from here on.
 *
 * @param key null: the storage spreads such records over the partitions
 * @param value null: a tombstone
 * @param headers in order, keys may repeat
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a wrapper would cost a copy.
public record RecordToPublish(String topic, byte[] key, byte[] value, List<Header> headers) {

  public RecordToPublish {
    Objects.requireNonNull(topic, "topic");
    headers = List.copyOf(headers);
  }
}
