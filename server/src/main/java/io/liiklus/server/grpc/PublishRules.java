package io.liiklus.server.grpc;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import io.liiklus.server.grpc.codec.BadRequest;
import io.liiklus.server.grpc.codec.PublishDecoder;
import io.liiklus.server.grpc.codec.RequestMarshaller;

/**
 * What may be published. Immutable.
 *
 * @param maxBatchRecords how many records one batch may have
 * @param maxBatchBytes how many bytes the request with them may have
 * @param maxWaitingBytes see {@link PublishLanes}
 */
public record PublishRules(
    PublishDecoder decoder, int maxBatchRecords, long maxBatchBytes, long maxWaitingBytes) {

  RequestMarshaller<PublishBatchRequest> batchRequests() {
    return RequestMarshaller.ofPublishBatch(maxBatchBytes);
  }

  /**
   * Refuses a batch of too many records, and nothing of what is in it. Its bytes are bounded before
   * they are parsed.
   *
   * @throws BadRequest naming the bound
   */
  void requireCount(PublishBatchRequest batch) {
    if (batch.getRequestsCount() > maxBatchRecords) {
      throw new BadRequest(
          "requests: %d records in a batch are not allowed; at most %d (publish.maxBatchRecords)"
              .formatted(batch.getRequestsCount(), maxBatchRecords));
    }
  }
}
