package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PartitionAck;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.liiklus.bench.process.WorkOrder;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;

/**
 * Consume calls, one after the other, each in a group of its own and from the start of the topic to
 * its end. The next one has been opened before, and is not read. Confined to the connection's
 * thread.
 */
final class ConsumeRun {

  private final Channel channel;
  private final Meter meter;
  private final WorkOrder order;
  private final UUID run = UUID.randomUUID();
  private final long last;
  private int groups;
  private OneCall next;

  ConsumeRun(Channel channel, Meter meter, WorkOrder order) {
    this.channel = channel;
    this.meter = meter;
    this.order = order;
    this.last = order.number("records") - 1L;
  }

  void start() {
    next = new OneCall();
    read();
  }

  private void read() {
    var current = next;
    next = new OneCall();
    current.call.request(Integer.MAX_VALUE);
  }

  private ConsumeRequest begin() {
    return ConsumeRequest.newBuilder()
        .setStart(
            ConsumeStart.newBuilder()
                .setTopic(order.text("topic"))
                .setGroup("bench-" + groups++ + "-" + run)
                .setMaxBatchRecords(order.number("batch")))
        .build();
  }

  private static ConsumeRequest ack(int partition, long upTo) {
    return ConsumeRequest.newBuilder()
        .setAck(
            ConsumeAck.newBuilder()
                .addPartitions(PartitionAck.newBuilder().setPartition(partition).setUpTo(upTo)))
        .build();
  }

  /** Gives the bytes of a reply. Confined to the connection's thread. */
  private record Skimming(ConsumeSkim skim) implements MethodDescriptor.Marshaller<Integer> {
    @Override
    public InputStream stream(Integer bytes) {
      throw new UnsupportedOperationException("replies are read only");
    }

    @Override
    public Integer parse(InputStream reply) {
      try {
        int bytes = reply.available();
        skim.read(reply);
        return bytes;
      } catch (IOException e) {
        throw Status.DATA_LOSS.withDescription(e.getMessage()).asRuntimeException();
      }
    }
  }

  /** One call. Confined to the connection's thread. */
  private final class OneCall extends ClientCall.Listener<Integer> {
    private final ConsumeSkim skim = new ConsumeSkim(order.number("partitions"));
    private final ClientCall<ConsumeRequest, Integer> call;
    private boolean isAtEnd;

    OneCall() {
      var method =
          LiiklusServiceGrpc.getConsumeMethod().toBuilder(
                  ProtoUtils.marshaller(ConsumeRequest.getDefaultInstance()), new Skimming(skim))
              .build();
      call = channel.newCall(method, CallOptions.DEFAULT);
      call.start(this, new Metadata());
      call.sendMessage(begin());
    }

    @Override
    public void onMessage(Integer bytes) {
      if (isAtEnd || skim.records() == 0) {
        return;
      }
      meter.add(skim.records(), bytes);
      call.sendMessage(ack(skim.partition(), skim.lastOffset()));
      if (skim.isAt(last)) {
        isAtEnd = true;
        call.halfClose();
        read();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!isAtEnd) {
        meter.fail(status.withDescription("Consume: " + status).asRuntimeException());
      }
    }
  }
}
