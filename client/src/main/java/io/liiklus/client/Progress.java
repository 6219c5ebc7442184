package io.liiklus.client;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Records of one partition that are out, and the position before the first of them. Confined to the
 * loop.
 */
final class Progress {

  /** One record that is out. */
  static final class Entry {
    private final long offset;
    private final int bytes;
    private boolean isDone;

    private Entry(long offset, int bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }

    long offset() {
      return offset;
    }
  }

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long bytes;

  /** -1: none so far. */
  private long position = -1;

  /** A record came, behind all others. */
  Entry add(long offset, int size) {
    var entry = new Entry(offset, size);
    entries.add(entry);
    bytes += size;
    return entry;
  }

  /** Returns whether the position is another one now. */
  boolean done(Entry entry) {
    entry.isDone = true;
    long before = position;
    while (!entries.isEmpty() && entries.element().isDone) {
      var first = entries.remove();
      position = first.offset;
      bytes -= first.bytes;
    }
    return position != before;
  }

  /** The last record before the first one that is out; -1: none. */
  long position() {
    return position;
  }

  int out() {
    return entries.size();
  }

  long outBytes() {
    return bytes;
  }
}
