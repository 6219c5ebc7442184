package io.liiklus.server.grpc;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.StorageException;
import io.liiklus.server.grpc.codec.BadRequest;
import io.liiklus.server.grpc.codec.Request;
import io.liiklus.server.grpc.codec.RequestNames;
import io.liiklus.server.grpc.codec.Statuses;
import io.liiklus.server.session.Session;
import io.liiklus.server.session.SessionObserver;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Opens a session and says which partitions it is given, until the client cancels. Confined to the
 * call's event loop, but for the notifications of the session, which come from its storage and go
 * there.
 *
 * <p>A client that does not read costs no more than the set of partitions it was not told of yet.
 */
final class SubscribeCall extends ServerCall.Listener<Request<SubscribeRequest>>
    implements SessionObserver, Stream {

  private final ServerCall<Request<SubscribeRequest>, SubscribeReply> call;
  private final EventLoop loop;
  private final StreamContext context;

  private final Set<Integer> untold = new LinkedHashSet<>();
  private Request<SubscribeRequest> request;
  private Session session;
  private boolean isDone;

  SubscribeCall(
      ServerCall<Request<SubscribeRequest>, SubscribeReply> call,
      EventLoop loop,
      StreamContext context) {
    this.call = call;
    this.loop = loop;
    this.context = context;
    call.request(2);
  }

  @Override
  public void onMessage(Request<SubscribeRequest> message) {
    request = message;
  }

  @Override
  public void onHalfClose() {
    if (isDone || request == null) {
      end(Status.INTERNAL.withDescription("half-closed without a request"));
      return;
    }
    try {
      context.drain().requireServing();
      open(request.messageOrThrow());
    } catch (RuntimeException refused) {
      end(Statuses.of(refused));
    }
  }

  private void open(SubscribeRequest question) {
    var topic = RequestNames.topic(question.getTopic());
    var group = RequestNames.group(question.getGroup(), question.getGroupVersion());
    var reset =
        switch (question.getAutoOffsetReset()) {
          case EARLIEST -> AutoOffsetReset.EARLIEST;
          case LATEST -> AutoOffsetReset.LATEST;
          case UNRECOGNIZED ->
              throw new BadRequest(
                  "auto_offset_reset: "
                      + question.getAutoOffsetResetValue()
                      + " is not allowed; EARLIEST (0) or LATEST (1)");
        };
    session = context.sessions().open(topic, group, reset, this);
    context.onOpened(this);
    call.sendHeaders(new Metadata());
    tell();
  }

  @Override
  public void onReady() {
    tell();
  }

  @Override
  public void onCancel() {
    isDone = true;
    leave();
  }

  @Override
  public void onAssigned(int partition) {
    loop.execute(
        () -> {
          untold.add(partition);
          tell();
        });
  }

  @Override
  public void onFailed(StorageException failure) {
    loop.execute(() -> end(Statuses.of(failure)));
  }

  @Override
  public boolean isReceive() {
    return false;
  }

  @Override
  public void drain(Status status) {
    loop.execute(() -> end(status));
  }

  private void tell() {
    // The session may be heard of before its opening has returned to us.
    var waiting = untold.iterator();
    while (session != null && !isDone && call.isReady() && waiting.hasNext()) {
      int partition = waiting.next();
      waiting.remove();
      call.sendMessage(
          SubscribeReply.newBuilder()
              .setAssignment(
                  Assignment.newBuilder().setSessionId(session.id()).setPartition(partition))
              .build());
    }
  }

  private void end(Status status) {
    if (!isDone) {
      isDone = true;
      call.close(status, new Metadata());
      leave();
    }
  }

  private void leave() {
    context.streams().remove(this);
    if (session != null) {
      var unused = context.sessions().close(session);
    }
  }
}
