package io.liiklus.testing;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * File of a partition's log: record batches, one after the other. Immutable.
 *
 * <p>Of a batch only its head is read, as Kafka's documentation of the message format has it:
 *
 * <pre>
 *    0 int64 baseOffset
 *    8 int32 batchLength, of all behind it
 *   12 int32 partitionLeaderEpoch
 *   16 int8  magic
 *   17 int32 crc, of all behind it
 *   21 int16 attributes
 *   23 int32 lastOffsetDelta
 * </pre>
 */
record LogSegment(String file) {

  /** A broker that ends by itself leaves it, and takes its log for whole where it is. */
  private static final String CLEAN_END = ".kafka_cleanshutdown";

  private static final int LENGTH_AT = 8;
  private static final int LENGTH_END = 12;
  private static final int MAGIC_AT = 16;
  private static final int LAST_OFFSET_DELTA_AT = 23;
  private static final byte UNKNOWN_MAGIC = 77;

  /** The one that begins at offset 0. */
  static LogSegment first(String topic, int partition) {
    return new LogSegment("%s-%d/%020d.log".formatted(topic, partition, 0));
  }

  static void requireCleanEnd(KafkaBroker broker) {
    try {
      var unused = broker.readData(CLEAN_END);
    } catch (UncheckedIOException missing) {
      throw new IllegalStateException(
          "the broker did not end by itself\n" + broker.logTail(), missing);
    }
  }

  /** Changes the batch that has the offset, in its last byte or in its head. */
  void corrupt(KafkaBroker broker, long offset, KafkaCluster.Damage damage) {
    var bytes = broker.readData(file);
    var log = ByteBuffer.wrap(bytes);
    int batch = batch(log, offset);
    switch (damage) {
      case CONTENTS -> bytes[end(log, batch) - 1] ^= 1;
      case FORMAT -> bytes[batch + MAGIC_AT] = UNKNOWN_MAGIC;
    }
    broker.writeData(file, bytes);
  }

  private int batch(ByteBuffer log, long offset) {
    int at = 0;
    while (at + LAST_OFFSET_DELTA_AT + Integer.BYTES <= log.limit()) {
      long lastOffset = log.getLong(at) + log.getInt(at + LAST_OFFSET_DELTA_AT);
      if (offset <= lastOffset) {
        return at;
      }
      at = end(log, at);
    }
    throw new IllegalArgumentException("offset: " + offset + " is not in " + file);
  }

  private static int end(ByteBuffer log, int batch) {
    return batch + LENGTH_END + log.getInt(batch + LENGTH_AT);
  }
}
