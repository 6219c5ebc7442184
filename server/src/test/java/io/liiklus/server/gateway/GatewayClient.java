package io.liiklus.server.gateway;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceBlockingStub;
import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.google.protobuf.ByteString;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A client as users write them, over a real channel. Thread-safe. */
public final class GatewayClient implements AutoCloseable {

  /** How long any single answer may take on a slow machine. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  /** As in the specification of gRPC over HTTP/2. */
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;

  public GatewayClient(int port, ClientInterceptor... interceptors) {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .intercept(interceptors)
            .build();
  }

  public ManagedChannel channel() {
    return channel;
  }

  public LiiklusServiceBlockingStub stub() {
    return LiiklusServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * A stub whose calls tell the gateway this deadline and do not keep it, so that on a slow machine
   * too the answer is the gateway's and not the client's own.
   */
  public LiiklusServiceBlockingStub stubTelling(Duration deadline) {
    var headers = new Metadata();
    headers.put(TIMEOUT, deadline.toMillis() + "m");
    return LiiklusServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  public static ByteString bytes(String text) {
    return ByteString.copyFrom(text, StandardCharsets.UTF_8);
  }

  public PublishReply publish(String topic, String key, String value) {
    return stub()
        .publish(
            PublishRequest.newBuilder()
                .setTopic(topic)
                .setKey(bytes(key))
                .setValue(bytes(value))
                .build());
  }

  public List<PublishResult> publishBatch(List<PublishRequest> requests) {
    return stub().publishBatch(batch(requests)).getResultsList();
  }

  public Future<PublishBatchReply> startPublishBatch(List<PublishRequest> requests) {
    return LiiklusServiceGrpc.newFutureStub(channel)
        .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .publishBatch(batch(requests));
  }

  private static PublishBatchRequest batch(List<PublishRequest> requests) {
    return PublishBatchRequest.newBuilder().addAllRequests(requests).build();
  }

  /** Begins at the earliest record. */
  public GatewayStream<SubscribeReply> subscribe(String topic, String group, int version) {
    return subscribe(
        SubscribeRequest.newBuilder()
            .setTopic(topic)
            .setGroup(group)
            .setGroupVersion(version)
            .build());
  }

  public GatewayStream<SubscribeReply> subscribe(SubscribeRequest request) {
    var stream = GatewayStream.open(channel, LiiklusServiceGrpc.getSubscribeMethod(), request);
    stream.request(Integer.MAX_VALUE);
    return stream;
  }

  public GatewayStream<ReceiveReply> receive(Assignment assignment) {
    return receive(ReceiveRequest.newBuilder().setAssignment(assignment).build());
  }

  /** The assignments of a session that is alone in its group. */
  public static Map<Integer, Assignment> assignments(GatewayStream<SubscribeReply> subscription) {
    var held = new HashMap<Integer, Assignment>();
    while (held.size() < Backend.PARTITIONS) {
      var assignment = subscription.next().getAssignment();
      held.put(assignment.getPartition(), assignment);
    }
    return held;
  }

  /** Reads nothing until it is told to. */
  public GatewayStream<ReceiveReply> receive(ReceiveRequest request) {
    return GatewayStream.open(channel, LiiklusServiceGrpc.getReceiveMethod(), request);
  }

  public void ack(String topic, String group, int version, int partition, long offset) {
    var unused =
        stub()
            .ack(
                AckRequest.newBuilder()
                    .setTopic(topic)
                    .setGroup(group)
                    .setGroupVersion(version)
                    .setPartition(partition)
                    .setOffset(offset)
                    .build());
  }

  public Map<Integer, Long> offsets(String topic, String group, int version) {
    return stub()
        .getOffsets(
            GetOffsetsRequest.newBuilder()
                .setTopic(topic)
                .setGroup(group)
                .setGroupVersion(version)
                .build())
        .getOffsetsMap();
  }

  public Map<Integer, Long> endOffsets(String topic) {
    return stub()
        .getEndOffsets(GetEndOffsetsRequest.newBuilder().setTopic(topic).build())
        .getOffsetsMap();
  }

  public static Status statusOf(Runnable call) {
    try {
      call.run();
      return Status.OK;
    } catch (StatusRuntimeException failure) {
      return failure.getStatus();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
