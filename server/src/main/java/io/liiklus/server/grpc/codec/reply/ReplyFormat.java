package io.liiklus.server.grpc.codec.reply;

/**
 * How a Receive wants its replies. Immutable.
 *
 * @param isEvents whether events are wanted instead of bytes
 * @param maxRecords how many records a reply may hold; with 1 it is no batch
 * @param replayedUpTo records up to this offset are marked as replayed
 */
public record ReplyFormat(boolean isEvents, int maxRecords, long replayedUpTo) {

  /** Bytes as they are stored, with no record marked as replayed. */
  public static ReplyFormat binary(int maxRecords) {
    return new ReplyFormat(false, maxRecords, -1);
  }

  /** Events, with no record marked as replayed. */
  public static ReplyFormat events(int maxRecords) {
    return new ReplyFormat(true, maxRecords, -1);
  }

  public ReplyFormat replayedUpTo(long offset) {
    return new ReplyFormat(isEvents, maxRecords, offset);
  }
}
