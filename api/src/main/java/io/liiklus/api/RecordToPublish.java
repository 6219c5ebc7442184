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

  /** About how many bytes of key, value and headers the record has. */
  public long bytes() {
    long size = length(key) + length(value);
    for (int i = 0; i < headers.size(); i++) {
      var header = headers.get(i);
      size += header.key().length() + length(header.value());
    }
    return size;
  }

  private static long length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
