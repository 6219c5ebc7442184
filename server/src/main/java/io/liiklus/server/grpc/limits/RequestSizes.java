package io.liiklus.server.grpc.limits;

import io.liiklus.api.Settings;

/**
 * Bounds on the sizes of requests and on the memory of unfinished ones. A value that is not set is
 * 0 until {@link #fitting} computes it. Immutable.
 *
 * @param maxMessage of any request, in bytes
 * @param maxBatch of a PublishBatch, in bytes
 * @param maxUnfinished of all requests that have not ended, in bytes
 * @param maxCallsPerConnection how many may be open on one
 */
public record RequestSizes(
    int maxMessage, long maxBatch, long maxUnfinished, int maxCallsPerConnection) {

  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;
  private static final long LEAST = KIB;
  private static final long MOST = GIB;
  private static final long MOST_UNFINISHED = 1024 * GIB;

  /** Room for the parts around the largest record. */
  private static final long AROUND_RECORD = MIB;

  /**
   * Half of it: the gateway refuses a batch that is too large, and names the setting, before gRPC
   * does.
   */
  private static final long AROUND_BATCH = AROUND_RECORD / 2;

  /** A request over a quarter of the heap would leave no room for its copies. */
  private static final int HEAP_PARTS = 4;

  /**
   * How many eighths of the heap: 60 MB of large records that come interleaved fit into a gateway
   * of 256 MiB. Most of it lies outside of the heap, in buffers that may have as much in all.
   */
  private static final int UNFINISHED_EIGHTHS = 3;

  /** So that a request of many small pieces, which count for more than they are, gets through. */
  private static final int LEAST_UNFINISHED_MESSAGES = 4;

  /** Most calls of one connection by default. */
  private static final long MOST_CALLS = 50_000;

  /** Count of an open call in the bytes of unfinished requests, as in the reference. */
  private static final long BYTES_OF_CALL = 4 * KIB;

  /** Size of the largest request by default. */
  private static final long USUAL_MESSAGE = 2 * MIB;

  public static RequestSizes read(Settings grpc, Settings publish) {
    long maxMessage = bytesOrUnset(grpc, "maxInboundMessageSize");
    long maxUnfinished = grpc.bytes("maxUnfinishedRequestBytes", 0, MOST_UNFINISHED);
    long least = LEAST_UNFINISHED_MESSAGES * (maxMessage == 0 ? USUAL_MESSAGE : maxMessage);
    if (maxUnfinished != 0 && maxUnfinished < least) {
      grpc.refuse(
          "maxUnfinishedRequestBytes",
          "must be at least %d times grpc.maxInboundMessageSize, or 0"
              .formatted(LEAST_UNFINISHED_MESSAGES));
    }
    long maxBatch = bytesOrUnset(publish, "maxBatchBytes");
    if (maxMessage != 0 && maxBatch > maxMessage) {
      publish.warn("maxBatchBytes", "has no effect: grpc.maxInboundMessageSize is less");
    }
    int maxCalls = grpc.integer("maxCallsPerConnection", 0, Integer.MAX_VALUE);
    return new RequestSizes((int) maxMessage, maxBatch, maxUnfinished, maxCalls);
  }

  private static long bytesOrUnset(Settings settings, String key) {
    return settings.text(key).equals("0") ? 0 : settings.bytes(key, LEAST, MOST);
  }

  /**
   * The same, where values that are not set follow the largest record of the storage and the heap.
   */
  public RequestSizes fitting(long maxRecordBytes, long maxHeapBytes) {
    long maxRecord = Math.min(maxRecordBytes, MOST);
    int message = maxMessage == 0 ? messageFor(maxRecord, maxHeapBytes) : maxMessage;
    long batch = maxBatch == 0 ? Math.min(message, maxRecord + AROUND_BATCH) : maxBatch;
    long least = (long) LEAST_UNFINISHED_MESSAGES * message;
    long unfinished =
        maxUnfinished == 0 ? Math.max(least, maxHeapBytes / 8 * UNFINISHED_EIGHTHS) : maxUnfinished;
    return new RequestSizes(message, batch, unfinished, callsFor(unfinished));
  }

  /** Half of the bound on unfinished requests, filled with empty calls. */
  private int callsFor(long unfinished) {
    return maxCallsPerConnection == 0
        ? (int) Math.min(MOST_CALLS, unfinished / (2 * BYTES_OF_CALL))
        : maxCallsPerConnection;
  }

  /** No more than there is memory for, be it the operator's word or the heap. */
  private int messageFor(long maxRecord, long maxHeapBytes) {
    long held = maxUnfinished == 0 ? MOST : maxUnfinished / LEAST_UNFINISHED_MESSAGES;
    long most = Math.min(Math.min(MOST, maxHeapBytes / HEAP_PARTS), held);
    return (int) Math.min(most, maxRecord + AROUND_RECORD);
  }

  /** Whether a request may be as large as the largest record and the parts around it. */
  public boolean haveRoomFor(long maxRecordBytes) {
    return maxMessage >= Math.min(maxRecordBytes, MOST - AROUND_RECORD) + AROUND_RECORD;
  }
}
