package io.liiklus.server.inflight;

import java.nio.ByteBuffer;
import java.util.TreeMap;

/**
 * Records of one key, or of a whole partition, that wait to be sent, in the order of their offsets.
 * Confined to its partition's owner.
 */
final class RetryLane {

  /** Null: of the whole partition. */
  final ByteBuffer key;

  final TreeMap<Long, TrackedRecord> waiting = new TreeMap<>();

  RetryLane(ByteBuffer key) {
    this.key = key;
  }

  boolean isHead(TrackedRecord record) {
    return waiting.firstEntry().getValue() == record;
  }
}
