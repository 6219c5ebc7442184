package io.liiklus.server.grpc.calls;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.AccessRequest.Operation;
import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.GroupId;
import io.liiklus.api.StorageException;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.request.RequestNames;
import io.liiklus.server.grpc.codec.status.BadRequest;
import io.liiklus.server.grpc.codec.status.RefusedOperation;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.grpc.quota.ConnectionQuotas;
import io.liiklus.server.quota.PrincipalQuota;
import io.liiklus.server.security.Principal;
import io.liiklus.server.session.PartitionRanges;
import io.liiklus.server.session.Session;
import io.liiklus.server.session.SessionObserver;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stream of the assignments of one session, until the client cancels. Confined to the call's event
 * loop, but for the notifications of the session, which come from its storage and go there.
 *
 * <p>A client that does not read costs no more than the set of partitions that were not sent to it
 * yet.
 */
final class SubscribeCall extends OneRequestCall<SubscribeRequest, SubscribeReply>
    implements SessionObserver {

  private static final Logger log = LoggerFactory.getLogger(SubscribeCall.class);

  // Any thread.
  private final Set<Integer> unsent = new ConcurrentSkipListSet<>();
  private final AtomicBoolean isSendDue = new AtomicBoolean();

  private String topic;
  private GroupId group;
  private Session session;

  /** Whose session it is counted as; null as long as it is not. */
  private PrincipalQuota quota;

  SubscribeCall(
      ServerCall<Request<SubscribeRequest>, SubscribeReply> call,
      EventLoop loop,
      StreamContext context) {
    super(call, loop, context);
  }

  @Override
  void open(SubscribeRequest request) {
    topic = RequestNames.topic(request.getTopic());
    group = RequestNames.group(request.getGroup(), request.getGroupVersion());
    var reset =
        switch (request.getAutoOffsetReset()) {
          case EARLIEST -> AutoOffsetReset.EARLIEST;
          case LATEST -> AutoOffsetReset.LATEST;
          case UNRECOGNIZED ->
              throw new BadRequest(
                  "auto_offset_reset: "
                      + request.getAutoOffsetResetValue()
                      + " is not allowed; EARLIEST (0) or LATEST (1)");
        };
    requireAllowed();
    var allowance = ConnectionQuotas.of(call.getAttributes(), principal);
    allowance.openSession();
    quota = allowance;
    session = context.sessions().open(topic, group, reset, this);
    context.onOpened(this);
    call.sendHeaders(new Metadata());
    sendAssigned();
  }

  @Override
  void requireAllowed() {
    context.access().require(Operation.CONSUME, principal, topic, group);
  }

  @Override
  public Principal owner() {
    return principal;
  }

  @Override
  public void onReady() {
    sendAssigned();
  }

  @Override
  public void onAssigned(int partition) {
    unsent.add(partition);
    // One task for all that come together.
    if (isSendDue.compareAndSet(false, true)) {
      loop.execute(
          () -> {
            isSendDue.set(false);
            sendAssigned();
          });
    }
  }

  @Override
  public void onFailed(StorageException failure) {
    loop.execute(() -> end(Statuses.of(RefusedOperation.subscribe(failure, topic, group))));
  }

  @Override
  boolean isReceive() {
    return false;
  }

  @Override
  void release() {
    if (quota != null) {
      quota.closeSession();
    }
    if (session != null) {
      var unused = context.sessions().close(session);
    }
  }

  private void sendAssigned() {
    // The session may be heard of before its opening has returned to us.
    var sent = new ArrayList<Integer>();
    var waiting = unsent.iterator();
    while (session != null && !isDone() && call.isReady() && waiting.hasNext()) {
      int partition = waiting.next();
      waiting.remove();
      sent.add(partition);
      call.sendMessage(
          SubscribeReply.newBuilder()
              .setAssignment(
                  Assignment.newBuilder().setSessionId(session.id()).setPartition(partition))
              .build());
    }
    if (!sent.isEmpty()) {
      log.info(
          "assigned, topic={} group={} version={} partitions={} session={}",
          session.topic(),
          session.group().name(),
          session.group().version(),
          PartitionRanges.text(sent),
          session.id());
    }
  }
}
