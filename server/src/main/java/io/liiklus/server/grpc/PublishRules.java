package io.liiklus.server.grpc;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import io.liiklus.server.grpc.codec.BadRequest;
import io.liiklus.server.grpc.codec.PublishDecoder;

/**
 * What may be published. Immutable.
 *
 * @param maxBatchRecords how many records one batch may have
 * @param maxBatchBytes how many bytes the request with them may have
 */
public record PublishRules(PublishDecoder decoder, int maxBatchRecords, long maxBatchBytes) {

  /**
   * Refuses a batch that is too large, and nothing of what is in it.
   *
   * @throws BadRequest naming the bound
   */
  void requireBounds(PublishBatchRequest batch) {
    if (batch.getRequestsCount() > maxBatchRecords) {
      throw new BadRequest(
          "requests: %d records in a batch are not allowed; at most %d (publish.maxBatchRecords)"
              .formatted(batch.getRequestsCount(), maxBatchRecords));
    }
    int bytes = batch.getSerializedSize();
    if (bytes > maxBatchBytes) {
      throw new BadRequest(
          "requests: a batch of %d bytes is not allowed; at most %d (publish.maxBatchBytes)"
              .formatted(bytes, maxBatchBytes));
    }
  }
}
