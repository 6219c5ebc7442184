package io.liiklus.bench.worker;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One stream with a bounded number of requests on their way; each reply says how much it counts.
 * Confined to the connection's thread, once it runs.
 */
final class StreamLane extends ClientCall.Listener<Integer> {

  private final ClientCall<byte[], Integer> call;
  private final byte[] request;
  private final Meter meter;

  /** When each request without a reply was sent. */
  private final Queue<Long> sentNs = new ArrayDeque<>();

  StreamLane(
      Channel channel, MethodDescriptor<byte[], Integer> method, byte[] request, Meter meter) {
    this.call = channel.newCall(method, CallOptions.DEFAULT);
    this.request = request;
    this.meter = meter;
  }

  /**
   * Sends the first requests; each reply sends one more.
   *
   * @param inFlight how many are on their way
   */
  void start(int inFlight) {
    call.start(this, new Metadata());
    for (int i = 0; i < inFlight; i++) {
      send();
    }
    call.request(inFlight);
  }

  private void send() {
    sentNs.add(System.nanoTime());
    call.sendMessage(request);
  }

  @Override
  public void onMessage(Integer records) {
    meter.addAnswer(records, request.length, sentNs.remove());
    send();
    call.request(1);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    meter.fail(status.asRuntimeException());
  }
}
