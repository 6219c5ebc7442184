package io.liiklus.api;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Record to append to the log. The arrays belong to the storage from here on. Immutable.
 *
 * @param key null: the storage spreads such records over the partitions
 * @param value null: a tombstone
 * @param headers in order, keys may repeat
 * @param timestamp milliseconds since 1970, from 0; empty: the time of the publish
 * @param partition empty: the storage chooses it, by the key
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a wrapper would cost a copy.
public record RecordToPublish(
    String topic,
    byte[] key,
    byte[] value,
    List<Header> headers,
    OptionalLong timestamp,
    OptionalInt partition) {

  public RecordToPublish {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(partition, "partition");
    headers = List.copyOf(headers);
    if (timestamp.isPresent() && timestamp.getAsLong() < 0) {
      throw new IllegalArgumentException("timestamp is negative: " + timestamp.getAsLong());
    }
  }

  /** A record that goes to the partition of its key. */
  public RecordToPublish(
      String topic, byte[] key, byte[] value, List<Header> headers, OptionalLong timestamp) {
    this(topic, key, value, headers, timestamp, OptionalInt.empty());
  }

  /** A record that gets the time of its publish. */
  public RecordToPublish(String topic, byte[] key, byte[] value, List<Header> headers) {
    this(topic, key, value, headers, OptionalLong.empty());
  }

  /** The same with another value; null: a tombstone. */
  public RecordToPublish withValue(byte[] changed) {
    return new RecordToPublish(topic, key, changed, headers, timestamp, partition);
  }

  public RecordToPublish withHeaders(List<Header> changed) {
    return new RecordToPublish(topic, key, value, changed, timestamp, partition);
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
