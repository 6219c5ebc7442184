package io.liiklus.client;

/** Call by which a member is in its group. Confined to the loop. */
interface Session {

  /** Leaves the group; the member is notified where that takes a while. */
  void close();

  /** Ends the call, without anything being awaited. */
  void abandon();

  /** Whether the end is awaited once it was closed. */
  boolean isEndAwaited();
}
