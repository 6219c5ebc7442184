package io.liiklus.server.grpc.calls;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.google.protobuf.Empty;
import io.grpc.ServerCall;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.request.PublishBounds;
import io.liiklus.server.grpc.codec.request.PublishDecoder;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.consume.ConsumeOptions;
import io.liiklus.server.grpc.limits.ReadLimiter;
import io.liiklus.server.grpc.publish.PublishRules;
import java.time.Duration;
import java.util.List;

/** Serves calls that a test of another package makes by hand, each on a loop that it turns. */
public final class SteppedCalls {

  private static final int MAX_REPLY_BYTES = 600;
  private static final Duration COPY_AFTER = Duration.ofSeconds(1);

  private final StreamContext context;
  private final LiiklusService service;
  private final OpenCalls openCalls;

  public SteppedCalls(GatewayCore core, List<? extends EventLoop> loops) {
    var drain = new Drain();
    var receive = new ReceiveOptions(1, MAX_REPLY_BYTES, COPY_AFTER);
    var consume = new ConsumeOptions(Duration.ZERO, 1_000, 1 << 20, Duration.ofHours(1));
    context = new StreamContext(core, drain, receive, consume, loops);
    service =
        new LiiklusService(
            core,
            new PublishRules(
                new PublishDecoder(true, 1_000),
                new PublishBounds(1_000, 1_000, 1 << 20),
                1 << 20,
                16),
            drain,
            new ReadLimiter(1_000));
    openCalls = new OpenCalls(List.copyOf(loops));
  }

  public ServerCall.Listener<Request<SubscribeRequest>> subscribe(
      ServerCall<Request<SubscribeRequest>, SubscribeReply> call, EventLoop loop) {
    return new SubscribeCall(call, loop, context);
  }

  public ServerCall.Listener<Request<ReceiveRequest>> receive(
      ServerCall<Request<ReceiveRequest>, EncodedReply> call, EventLoop loop) {
    return new ReceiveCall(call, loop, context);
  }

  /**
   * Serves an Ack.
   *
   * @param patience how long the call waits for its answer
   */
  public ServerCall.Listener<Request<AckRequest>> ack(
      ServerCall<Request<AckRequest>, Empty> call, EventLoop loop, Duration patience) {
    var timing = new UnaryCall.Timing(patience, Duration.ZERO, "no answer in time");
    return new UnaryCall<>(
        call,
        loop,
        openCalls,
        timing,
        (request, caller) -> service.ack(request.messageOrThrow(), caller));
  }

  /**
   * As {@link ServiceCalls#drain}.
   *
   * @param meanwhile what other threads do between two streams
   */
  public void drain(Runnable meanwhile) {
    context.beginDrain();
    for (var stream : context.inDrainOrder()) {
      stream.drain();
      meanwhile.run();
    }
  }

  public int openStreams() {
    return context.openStreams();
  }
}
