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
    private boolean isDone;

    private Entry(long offset) {
      this.offset = offset;
    }

    long offset() {
      return offset;
    }
  }

  private final Deque<Entry> entries = new ArrayDeque<>();

  /** -1: none so far. */
  private long position = -1;

  /** A record came, behind all others. */
  Entry add(long offset) {
    var entry = new Entry(offset);
    entries.add(entry);
    return entry;
  }

  /** Returns whether the position is another one now. */
  boolean done(Entry entry) {
    entry.isDone = true;
    long before = position;
    while (!entries.isEmpty() && entries.element().isDone) {
      position = entries.remove().offset;
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
}
