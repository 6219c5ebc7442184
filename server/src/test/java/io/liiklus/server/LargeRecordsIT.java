package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.SharedKafka;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records beyond the usual mebibyte, where the storage is set to take them. */
class LargeRecordsIT {

  private static final int MIB = 1024 * 1024;
  private static final int LIMIT = 8 * MIB;

  private final String topic = "topic-" + UUID.randomUUID();

  private Gateway start(Backend backend) {
    if (backend == Backend.MEMORY) {
      return Gateway.start(
          "--memory.partitions=1",
          "--memory.maxBytesPerPartition=64MiB",
          "--memory.maxRecordBytes=" + LIMIT);
    }
    SharedKafka.cluster().createTopic(topic, 1, Map.of("max.message.bytes", "" + 2 * LIMIT));
    return Gateway.start(
        "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
        "--kafka.properties.max.request.size=" + LIMIT,
        "--storage.positions.type=MEMORY");
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void recordThatTheStorageTakes_isPublishedAndReceived(Backend backend) {
    var request = request(5 * MIB);
    try (var gateway = start(backend);
        var client = new LargeClient(gateway.port())) {
      assertThat(client.stub().publish(request).getOffset()).isZero();
      var batch = PublishBatchRequest.newBuilder().addRequests(request).build();
      var result = client.stub().publishBatch(batch).getResults(0);
      assertThat(result.getReply().getOffset()).as("%s", result).isEqualTo(1);

      var subscription = SubscribeRequest.newBuilder().setTopic(topic).setGroup("group").build();
      var assignment = client.stub().subscribe(subscription).next().getAssignment();
      var receive = ReceiveRequest.newBuilder().setAssignment(assignment).build();
      var record = client.stub().receive(receive).next().getRecord();
      assertThat(record.getValue()).isEqualTo(request.getValue());
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void recordThatItDoesNotTake_isRefusedWithBothSizes(Backend backend) {
    try (var gateway = start(backend);
        var client = new LargeClient(gateway.port())) {
      var status = GatewayClient.statusOf(() -> client.stub().publish(request(LIMIT + 1)));
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription())
          .contains("bytes", "" + LIMIT)
          .containsPattern("83886\\d\\d");

      var larger = GatewayClient.statusOf(() -> client.stub().publish(request(LIMIT + MIB)));
      assertThat(larger.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(larger.getDescription()).contains("" + (LIMIT + MIB));
    }
  }

  private PublishRequest request(int valueBytes) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setValue(bytes("v".repeat(valueBytes)))
        .build();
  }

  /** One that takes replies over gRPC's usual 4 MiB. Thread-safe. */
  private record LargeClient(ManagedChannel channel) implements AutoCloseable {

    private LargeClient(int port) {
      this(
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .usePlaintext()
              .maxInboundMessageSize(2 * LIMIT)
              .build());
    }

    private LiiklusServiceGrpc.LiiklusServiceBlockingStub stub() {
      return LiiklusServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
