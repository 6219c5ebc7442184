package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Publisher over one connection with a bounded number of records under way: one a call, {@code
 * batch} a call, or that many a request of one stream. The bytes of a request are made once.
 * Immutable.
 */
final class GatewayPublish implements Work {

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    var channel = GatewayChannel.open(order);
    int batch = order.number("batch", 0);
    var record =
        PublishRequest.newBuilder()
            .setTopic(order.text("topic"))
            .setValue(ByteString.copyFrom(new byte[order.number("bytes")]))
            .build();
    var request = batch == 0 ? record.toByteArray() : batchOf(record, batch);
    var method = batch == 0 ? unary() : batched();
    int lanes = order.number("in-flight") / Math.max(1, batch);
    if (order.number("stream", 0) != 0) {
      new StreamLane(channel, streamed(), request, meter).start(lanes);
      return meter.measure();
    }
    for (int i = 0; i < lanes; i++) {
      new CallLane(channel, method, () -> request, meter).next();
    }
    return meter.measure();
  }

  private static byte[] batchOf(PublishRequest record, int count) {
    var batch = PublishBatchRequest.newBuilder();
    for (int i = 0; i < count; i++) {
      batch.addRequests(record);
    }
    return batch.build().toByteArray();
  }

  private static MethodDescriptor<byte[], Integer> unary() {
    return LiiklusServiceGrpc.getPublishMethod().toBuilder(new EncodedRequest(), new OneReply())
        .build();
  }

  private static MethodDescriptor<byte[], Integer> batched() {
    return LiiklusServiceGrpc.getPublishBatchMethod().toBuilder(new EncodedRequest(), new Results())
        .build();
  }

  private static MethodDescriptor<byte[], Integer> streamed() {
    return LiiklusServiceGrpc.getPublishStreamMethod().toBuilder(
            new EncodedRequest(), new Results())
        .build();
  }

  /** Unmarshaller of replies to the number of stored records: all. Immutable. */
  private static final class Results implements MethodDescriptor.Marshaller<Integer> {
    @Override
    public InputStream stream(Integer count) {
      throw new UnsupportedOperationException("replies are read only");
    }

    @Override
    public Integer parse(InputStream stream) {
      try {
        var reply = PublishBatchReply.parseFrom(stream);
        for (int i = 0; i < reply.getResultsCount(); i++) {
          if (reply.getResults(i).hasError()) {
            var error = reply.getResults(i).getError();
            throw Status.fromCodeValue(error.getCode())
                .withDescription(error.getMessage())
                .asRuntimeException();
          }
        }
        return reply.getResultsCount();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
