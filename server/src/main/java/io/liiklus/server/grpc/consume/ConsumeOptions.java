package io.liiklus.server.grpc.consume;

import io.liiklus.api.Settings;
import java.time.Duration;

/**
 * The settings below {@code consume}. Immutable.
 *
 * @param revokeGrace how long acks count for a partition that is to be given up
 * @param maxAheadRecords records of a partition that may lie behind its stored position
 * @param maxUnackedBytes bytes of all records that may be out without an ack; 0: by the heap
 * @param heartbeat silence after which a reply without contents is sent
 */
public record ConsumeOptions(
    Duration revokeGrace, int maxAheadRecords, long maxUnackedBytes, Duration heartbeat) {

  private static final int OF_HEAP = 4;

  public static ConsumeOptions read(Settings consume) {
    return new ConsumeOptions(
        consume.duration("revokeGrace", Duration.ZERO, Duration.ofMinutes(1)),
        consume.integer("maxAheadRecords", 1, Integer.MAX_VALUE),
        consume.bytes("maxUnackedBytes", 0, 1L << 40),
        consume.duration("heartbeat", Duration.ofMillis(10), Duration.ofDays(1)));
  }

  /** The same, where what is not set follows the heap and the storage's revoke timeout. */
  public ConsumeOptions fitting(Duration revokeTimeout, long maxHeapBytes) {
    var longest = revokeTimeout.dividedBy(2);
    return new ConsumeOptions(
        revokeGrace.compareTo(longest) <= 0 ? revokeGrace : longest,
        maxAheadRecords,
        maxUnackedBytes == 0 ? maxHeapBytes / OF_HEAP : maxUnackedBytes,
        heartbeat);
  }
}
