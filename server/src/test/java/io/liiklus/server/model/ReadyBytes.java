package io.liiklus.server.model;

/** How much of a partition was polled and not yet read. */
final class ReadyBytes {

  private long bytes;

  /** How often a reader went elsewhere, and how often the loop has followed. */
  private int seeksAsked;

  private int seeksFollowed;

  long bytes() {
    return bytes;
  }

  void onSeek() {
    seeksAsked++;
    bytes = 0;
  }

  /** A round begins, and with it all that was left to do. */
  void onRound() {
    seeksFollowed = seeksAsked;
  }

  void onPolled(long more) {
    // What comes from before a seek is thrown away.
    if (seeksFollowed == seeksAsked) {
      bytes += more;
    }
  }

  void onRead(long fewer) {
    bytes -= fewer;
  }
}
