package io.liiklus.server.grpc;

import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.liiklus.server.grpc.codec.PublishBounds;
import io.liiklus.server.grpc.codec.PublishDecoder;
import io.liiklus.server.grpc.codec.RequestMarshaller;

/**
 * What may be published. Immutable.
 *
 * @param bounds what is refused before it is parsed
 * @param maxWaitingBytes see {@link PublishLanes}
 */
public record PublishRules(PublishDecoder decoder, PublishBounds bounds, long maxWaitingBytes) {

  RequestMarshaller<PublishRequest> requests() {
    return RequestMarshaller.ofPublish(bounds);
  }

  RequestMarshaller<PublishBatchRequest> batchRequests() {
    return RequestMarshaller.ofPublishBatch(bounds);
  }
}
