package io.liiklus.server.grpc.calls;

import com.google.protobuf.Message;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.status.Statuses;

/** Stream that one request opens, until it is cancelled or ended. Confined to its event loop. */
abstract class OneRequestCall<Q extends Message, A> extends StreamCall<Q, A> {

  static final Status NO_REQUEST =
      Status.INVALID_ARGUMENT.withDescription("the call ended without a request; it has one");
  static final Status TOO_MANY_REQUESTS =
      Status.INVALID_ARGUMENT.withDescription("the call has more than one request; it has one");

  private Request<Q> request;

  OneRequestCall(ServerCall<Request<Q>, A> call, EventLoop loop, StreamContext context) {
    super(call, loop, context);
    // One more than allowed, so that the transport reports the half-close at once.
    call.request(2);
  }

  /**
   * Opens the stream of the request, and calls {@link StreamContext#onOpened}.
   *
   * @throws RuntimeException which ends the call with its status
   */
  abstract void open(Q request);

  @Override
  public final void onMessage(Request<Q> message) {
    if (request == null) {
      request = message;
    } else {
      end(TOO_MANY_REQUESTS);
    }
  }

  @Override
  public final void onHalfClose() {
    if (isDone()) {
      return;
    }
    if (request == null) {
      end(NO_REQUEST);
      return;
    }
    var received = request;
    // However large it is, nobody needs it while the stream is open.
    request = null;
    try {
      context.requireServing();
      open(received.messageOrThrow());
    } catch (RuntimeException refused) {
      end(Statuses.of(refused));
    }
  }
}
