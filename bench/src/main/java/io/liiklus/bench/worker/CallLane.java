package io.liiklus.bench.worker;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * One unary call after the other, of the same request; each reply says how much it counts. Confined
 * to the connection's thread, once it runs.
 */
final class CallLane extends ClientCall.Listener<Integer> {

  private final Channel channel;
  private final MethodDescriptor<byte[], Integer> method;
  private final byte[] request;
  private final Meter meter;
  private int count;

  CallLane(Channel channel, MethodDescriptor<byte[], Integer> method, byte[] request, Meter meter) {
    this.channel = channel;
    this.method = method;
    this.request = request;
    this.meter = meter;
  }

  /** Begins the next call; its end begins the one behind it. */
  void next() {
    var call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(this, new Metadata());
    // One would do; with two the end of the call is told at once.
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
  }

  @Override
  public void onMessage(Integer records) {
    count = records;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    if (status.isOk()) {
      meter.add(count, request.length);
      next();
    } else {
      meter.fail(status.asRuntimeException());
    }
  }
}
