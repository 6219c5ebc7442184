package io.liiklus.server.grpc;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceBlockingStub;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;

/** One record's way through a gateway, for the classes that it loads. Immutable. */
public final class TrainingCalls {

  private static final String TOPIC = "training";
  private static final String GROUP = "training";

  private static final long PATIENCE_SECONDS = 30;

  private TrainingCalls() {}

  /** Returns when the record was acknowledged. */
  public static void make(int port) {
    var channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      var deadline = Deadline.after(PATIENCE_SECONDS, TimeUnit.SECONDS);
      var health = HealthGrpc.newBlockingStub(channel).withDeadline(deadline);
      var unused = health.check(HealthCheckRequest.getDefaultInstance());
      publishAndReceive(LiiklusServiceGrpc.newBlockingStub(channel).withDeadline(deadline));
    } finally {
      channel.shutdownNow();
    }
  }

  private static void publishAndReceive(LiiklusServiceBlockingStub gateway) {
    var subscribe = SubscribeRequest.newBuilder().setTopic(TOPIC).setGroup(GROUP).build();
    var assignments = gateway.subscribe(subscribe);
    var value = ByteString.copyFromUtf8(TOPIC);
    int partition =
        gateway
            .publish(PublishRequest.newBuilder().setTopic(TOPIC).setValue(value).build())
            .getPartition();
    var assignment = assignments.next().getAssignment();
    while (assignment.getPartition() != partition) {
      assignment = assignments.next().getAssignment();
    }
    var receive = ReceiveRequest.newBuilder().setAssignment(assignment).build();
    var record = gateway.receive(receive).next().getRecord();
    var unused =
        gateway.ack(
            AckRequest.newBuilder()
                .setTopic(TOPIC)
                .setGroup(GROUP)
                .setPartition(partition)
                .setOffset(record.getOffset())
                .build());
  }
}
