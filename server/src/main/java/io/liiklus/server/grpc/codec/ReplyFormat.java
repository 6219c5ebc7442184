package io.liiklus.server.grpc.codec;

import com.github.bsideup.liiklus.protocol.ReceiveRequest;

/**
 * How a Receive wants its replies. Immutable.
 *
 * @param isEvents whether events are wanted instead of bytes
 * @param maxRecords how many records a reply may hold; with 1 it is no batch
 * @param replayedUpTo records up to this offset are marked as replayed
 */
public record ReplyFormat(boolean isEvents, int maxRecords, long replayedUpTo) {

  /**
   * What a request asks for.
   *
   * @throws BadRequest naming the field
   */
  public static ReplyFormat of(ReceiveRequest request) {
    int maxRecords = Math.max(1, RequestNames.batchSize(request.getMaxBatchRecords()));
    return switch (request.getFormat()) {
      case BINARY -> new ReplyFormat(false, maxRecords, -1);
      case LIIKLUS_EVENT -> new ReplyFormat(true, maxRecords, -1);
      case UNRECOGNIZED ->
          throw new BadRequest(
              "format: "
                  + request.getFormatValue()
                  + " is not allowed; BINARY (0) or LIIKLUS_EVENT (1)");
    };
  }

  public ReplyFormat replayedUpTo(long offset) {
    return new ReplyFormat(isEvents, maxRecords, offset);
  }
}
