package io.liiklus.bench.worker;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.Supplier;

/**
 * One unary call after the other; each reply says how much it counts. Confined to the connection's
 * thread, once it runs.
 */
final class CallLane extends ClientCall.Listener<Integer> {

  private final Channel channel;
  private final MethodDescriptor<byte[], Integer> method;
  private final Supplier<byte[]> requests;
  private final Meter meter;
  private int count;
  private int bytes;
  private long askedNs;

  /**
   * @param requests is asked for the bytes of each request when the one before is done with
   */
  CallLane(
      Channel channel,
      MethodDescriptor<byte[], Integer> method,
      Supplier<byte[]> requests,
      Meter meter) {
    this.channel = channel;
    this.method = method;
    this.requests = requests;
    this.meter = meter;
  }

  /** Begins the next call; its end begins the one behind it. */
  void next() {
    askedNs = System.nanoTime();
    var call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(this, new Metadata());
    // One would do; with two the end of the call is reported at once.
    call.request(2);
    var request = requests.get();
    bytes = request.length;
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
      meter.addAnswer(count, bytes, askedNs);
      next();
    } else {
      meter.fail(status.asRuntimeException());
    }
  }
}
