package io.liiklus.server.grpc.publish;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.liiklus.server.grpc.codec.request.PublishBounds;
import io.liiklus.server.grpc.codec.request.PublishDecoder;
import io.liiklus.server.grpc.codec.request.RequestMarshaller;

/**
 * Rules for publishes. Immutable.
 *
 * @param bounds what is refused before it is parsed
 * @param maxWaitingBytes see {@link PublishLanes}
 */
public record PublishRules(PublishDecoder decoder, PublishBounds bounds, long maxWaitingBytes) {

  public RequestMarshaller<PublishRequest> requests() {
    return RequestMarshaller.ofPublish(bounds);
  }

  public RequestMarshaller<PublishBatchRequest> batchRequests() {
    return RequestMarshaller.ofPublishBatch(bounds);
  }
}
