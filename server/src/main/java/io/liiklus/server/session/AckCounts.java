package io.liiklus.server.session;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts of all shards together. Thread-safe. */
final class AckCounts {

  /** Acks that were let in and not answered yet. */
  final AtomicInteger waiting = new AtomicInteger();

  /** Acks that were answered as stored. */
  final LongAdder stored = new LongAdder();

  /** Writes that the storage was asked for. */
  final LongAdder writes = new LongAdder();
}
