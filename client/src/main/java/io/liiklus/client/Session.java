package io.liiklus.client;

/** Call by which a member is in its group. Confined to the loop. */
interface Session {

  /** Leaves the group; the member is notified where that takes a while. */
  void close();

  /** Whether the end is awaited once it was closed. */
  boolean isEndAwaited();
}
