package io.liiklus.server.model;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.liiklus.server.grpc.codec.request.Request;
import java.util.function.Function;

/**
 * The transport's side of one call: takes as many replies as the client wants, and tells of what
 * must not be. Everything happens on the call's loop.
 */
abstract class SteppedCall<Q extends Message, A> extends ServerCall<Request<Q>, A> {

  final Witness witness;
  final SteppedEventLoop loop;

  private ServerCall.Listener<Request<Q>> listener;
  private int demand;
  private boolean hasHeaders;
  private boolean isCancelled;
  private Status status;

  SteppedCall(Witness witness, SteppedEventLoop loop) {
    this.witness = witness;
    this.loop = loop;
  }

  /** The call is about to be served. */
  abstract void onBegin();

  abstract void onReply(A reply);

  abstract void onEnd(Status how);

  /** The client cancelled, and the gateway knows. */
  void onCancelled() {}

  final void start(Q request, Function<SteppedCall<Q, A>, ServerCall.Listener<Request<Q>>> server) {
    loop.execute(
        () -> {
          onBegin();
          listener = server.apply(this);
          listener.onMessage(Request.of(request));
          listener.onHalfClose();
          tellReady();
        });
  }

  /** The client takes so many more replies. */
  final void demand(int more) {
    boolean wasReady = demand > 0;
    demand += more;
    if (!wasReady && more > 0) {
      loop.execute(this::tellReady);
    }
  }

  private void tellReady() {
    if (listener != null && !isOver() && demand > 0) {
      listener.onReady();
    }
  }

  final void cancel() {
    loop.execute(
        () -> {
          if (!isOver()) {
            isCancelled = true;
            witness.next();
            listener.onCancel();
            onCancelled();
          }
        });
  }

  final boolean isOver() {
    return isCancelled || status != null;
  }

  final Status status() {
    return status;
  }

  @Override
  public final void request(int numMessages) {}

  @Override
  public final void sendHeaders(Metadata headers) {
    witness.require(!hasHeaders && !isOver(), "%s: headers out of place", this);
    hasHeaders = true;
  }

  @Override
  public final void sendMessage(A reply) {
    witness.require(loop.inEventLoop(), "%s: sent from elsewhere than its loop", this);
    witness.require(hasHeaders && !isOver(), "%s: a reply out of place", this);
    witness.require(isReady(), "%s: a reply that the transport did not ask for", this);
    demand--;
    witness.next();
    onReply(reply);
  }

  @Override
  public final void close(Status how, Metadata trailers) {
    witness.require(loop.inEventLoop(), "%s: closed from elsewhere than its loop", this);
    witness.require(!isOver(), "%s: closed again with %s", this, how);
    status = how;
    witness.next();
    onEnd(how);
  }

  @Override
  public final boolean isReady() {
    return demand > 0 && !isOver();
  }

  @Override
  public final boolean isCancelled() {
    return isCancelled;
  }

  @Override
  public final MethodDescriptor<Request<Q>, A> getMethodDescriptor() {
    throw new UnsupportedOperationException();
  }
}
