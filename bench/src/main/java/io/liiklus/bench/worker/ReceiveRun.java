package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reader of one assigned partition by Receive calls, one after the other: at the end of the log,
 * once more from its start. Confined to the connection's thread.
 */
final class ReceiveRun {

  private final Channel channel;
  private final Meter meter;
  private final ReceiveRequest request;
  private final Demand demand;
  private final long last;

  /**
   * @param last the offset behind which to begin again
   */
  ReceiveRun(Channel channel, Meter meter, Demand demand, ReceiveRequest request, long last) {
    this.channel = channel;
    this.meter = meter;
    this.demand = demand;
    this.request = request;
    this.last = last;
  }

  /** Begins, from the group's position. */
  void start() {
    new OneCall().start();
  }

  private static MethodDescriptor<ReceiveRequest, Integer> method(ReplySkim skim) {
    return LiiklusServiceGrpc.getReceiveMethod().toBuilder(
            ProtoUtils.marshaller(ReceiveRequest.getDefaultInstance()), new Skimming(skim))
        .build();
  }

  /** Gives the bytes of a reply. Confined to the connection's thread. */
  private record Skimming(ReplySkim skim) implements MethodDescriptor.Marshaller<Integer> {
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
    private final ReplySkim skim = new ReplySkim();
    private final ClientCall<ReceiveRequest, Integer> call =
        channel.newCall(method(skim), CallOptions.DEFAULT);
    private boolean isAtEnd;

    void start() {
      call.start(this, new Metadata());
      demand.begin(call);
      call.sendMessage(request);
      call.halfClose();
    }

    @Override
    public void onMessage(Integer bytes) {
      if (isAtEnd) {
        return;
      }
      meter.add(skim.records(), bytes);
      demand.taken(call, bytes);
      if (skim.lastOffset() >= last) {
        isAtEnd = true;
        call.cancel("at the end", null);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (isAtEnd) {
        ReceiveRun.this.start();
      } else {
        meter.fail(status.withDescription("Receive: " + status).asRuntimeException());
      }
    }
  }
}
