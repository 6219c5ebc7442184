package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.StreamObserver;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Time from Publish to Receive over one connection, or to another gateway ({@code publisher.port})
 * from this one. Immutable.
 */
final class GatewayLatency implements Work {

  private static final int ASSIGNED_SECONDS = 30;

  @Override
  public Figures run(WorkOrder order) throws Exception {
    var meter = new Meter(order);
    var latencies = new Latencies(order, meter);
    var stub = LiiklusServiceGrpc.newStub(GatewayChannel.open(order));
    int groups = order.number("groups", 1);
    var assigned = new CountDownLatch(order.number("partitions") * groups);
    var records =
        new Each<ReceiveReply>(
            meter,
            reply -> latencies.received(reply.getRecord().getValue().asReadOnlyByteBuffer()));
    var assignments =
        new Each<SubscribeReply>(
            meter,
            reply -> {
              assigned.countDown();
              stub.receive(
                  ReceiveRequest.newBuilder().setAssignment(reply.getAssignment()).build(),
                  records);
            });
    for (int i = 0; i < groups; i++) {
      stub.subscribe(
          SubscribeRequest.newBuilder()
              .setTopic(order.text("topic"))
              .setGroup("bench-" + UUID.randomUUID())
              .setAutoOffsetReset(SubscribeRequest.AutoOffsetReset.LATEST)
              .build(),
          assignments);
    }
    if (!assigned.await(ASSIGNED_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("not assigned within " + ASSIGNED_SECONDS + " s");
    }
    if (order.number("bare-publisher", 0) == 1) {
      try (var producer = KafkaClients.producer(order)) {
        return latencies.run(
            value -> BareLatency.send(producer, order.text("topic"), value, meter));
      }
    }
    int port = order.number("publisher.port", order.number("gateway.port"));
    var publisher =
        LiiklusServiceGrpc.newStub(GatewayChannel.open(order.with("gateway.port", port)));
    var published = new Each<PublishReply>(meter, reply -> {});
    var topic = order.text("topic");
    return latencies.run(
        value ->
            publisher.publish(
                PublishRequest.newBuilder()
                    .setTopic(topic)
                    .setValue(UnsafeByteOperations.unsafeWrap(value))
                    .build(),
                published));
  }

  /** Does something with each reply; a failure ends the run. Immutable. */
  private record Each<T>(Meter meter, Consumer<T> action) implements StreamObserver<T> {
    @Override
    public void onNext(T reply) {
      action.accept(reply);
    }

    @Override
    public void onError(Throwable failure) {
      meter.fail(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
