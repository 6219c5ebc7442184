package io.liiklus.server.grpc.publish;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.liiklus.api.Settings;
import io.liiklus.server.grpc.codec.request.PublishBounds;
import io.liiklus.server.grpc.codec.request.PublishDecoder;
import io.liiklus.server.grpc.codec.request.RequestMarshaller;

/**
 * Rules for publishes. Immutable.
 *
 * @param bounds checked before parsing
 * @param maxWaitingBytes see {@link PublishLanes}
 * @param maxStreamBatches how many requests of a PublishStream are read before one is answered
 */
public record PublishRules(
    PublishDecoder decoder, PublishBounds bounds, long maxWaitingBytes, int maxStreamBatches) {

  private static final int MOST_HEADERS = 1_000_000;
  private static final int MOST_BATCH_RECORDS = 100_000;
  private static final long MOST_WAITING_BYTES = 1L << 40;
  private static final int MOST_STREAM_BATCHES = 1_000;

  /** Small records that wait cost three times of their bytes. */
  private static final int WAITING_HEAP_PARTS = 8;

  /** Reads all but the size of a batch, which follows the size of requests. */
  public static PublishRules read(Settings publish) {
    int maxHeaders = publish.integer("maxHeaders", 1, MOST_HEADERS);
    int maxBatchRecords = publish.integer("maxBatchRecords", 1, MOST_BATCH_RECORDS);
    boolean isEmptyKeyNull = publish.choice("emptyKey", "null", "empty").equals("null");
    long maxWaiting = publish.bytes("maxWaitingBytes", 0, MOST_WAITING_BYTES);
    return new PublishRules(
        new PublishDecoder(isEmptyKeyNull, maxHeaders),
        new PublishBounds(maxHeaders, maxBatchRecords, 0),
        maxWaiting == 0 ? Runtime.getRuntime().maxMemory() / WAITING_HEAP_PARTS : maxWaiting,
        publish.integer("maxStreamBatches", 1, MOST_STREAM_BATCHES));
  }

  public PublishRules withMaxBatchBytes(long maxBatchBytes) {
    return new PublishRules(
        decoder,
        new PublishBounds(bounds.maxHeaders(), bounds.maxBatchRecords(), maxBatchBytes),
        maxWaitingBytes,
        maxStreamBatches);
  }

  public RequestMarshaller<PublishRequest> requests() {
    return RequestMarshaller.ofPublish(bounds);
  }

  public RequestMarshaller<PublishBatchRequest> batchRequests() {
    return RequestMarshaller.ofPublishBatch(bounds);
  }
}
