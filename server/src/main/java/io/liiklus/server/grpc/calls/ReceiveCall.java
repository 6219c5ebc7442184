package io.liiklus.server.grpc.calls;

import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.AccessRequest.Operation;
import io.liiklus.api.StorageException;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.server.grpc.codec.reply.WireOffsets;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.request.RequestNames;
import io.liiklus.server.grpc.codec.status.BadRequest;
import io.liiklus.server.grpc.codec.status.RefusedOperation;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.grpc.pump.RecordPump;
import io.liiklus.server.grpc.pump.RecordSink;
import io.liiklus.server.grpc.quota.ConnectionQuotas;
import io.liiklus.server.session.Assignment;
import io.liiklus.server.session.Session;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stream of the records of one assignment: finds out where to begin, then leaves the rest to a
 * {@link RecordPump}. Confined to the call's event loop; the results of storages are brought there.
 */
final class ReceiveCall extends OneRequestCall<ReceiveRequest, EncodedReply>
    implements Assignment.Receiver {

  private ReplyFormat format;
  private Session session;
  private Assignment assignment;
  private RecordPump pump;

  ReceiveCall(
      ServerCall<Request<ReceiveRequest>, EncodedReply> call,
      EventLoop loop,
      StreamContext context) {
    super(call, loop, context);
    call.setOnReadyThreshold(context.readyThresholdBytes());
  }

  @Override
  void open(ReceiveRequest request) {
    if (!request.hasAssignment() || request.getAssignment().getSessionId().isEmpty()) {
      throw new BadRequest(
          "assignment.session_id: is empty; the session_id of a reply to Subscribe");
    }
    int partition =
        RequestNames.partition("assignment.partition", request.getAssignment().getPartition());
    format = format(request);
    session = context.sessions().get(request.getAssignment().getSessionId());
    context
        .access()
        .requireOwner(
            Operation.CONSUME, principal, session.owner(), session.topic(), session.group());
    requireAllowed();
    var held = session.assignment(partition);
    if (held == null || !held.beginReceive(this)) {
      // It was revoked or lost: the end of a running Receive would be the same.
      end(Status.OK);
      return;
    }
    assignment = held;
    context.onOpened(this);
    call.sendHeaders(new Metadata());
    var unused =
        lastKnown(request, session)
            .thenCompose(lastKnown -> session.start(held, this, lastKnown, () -> !isDone()))
            .whenCompleteAsync(this::onStart, loop);
  }

  @Override
  void requireAllowed() {
    context.access().require(Operation.CONSUME, principal, session.topic(), session.group());
  }

  private static ReplyFormat format(ReceiveRequest request) {
    int maxRecords = Math.max(1, RequestNames.batchSize(request.getMaxBatchRecords()));
    return switch (request.getFormat()) {
      case BINARY -> ReplyFormat.binary(maxRecords);
      case LIIKLUS_EVENT -> ReplyFormat.events(maxRecords);
      case UNRECOGNIZED ->
          throw new BadRequest(
              "format: "
                  + request.getFormatValue()
                  + " is not allowed; BINARY (0) or LIIKLUS_EVENT (1)");
    };
  }

  /** Checks the offset to begin behind, where there is one. */
  private CompletionStage<OptionalLong> lastKnown(ReceiveRequest request, Session session) {
    long offset = request.getLastKnownOffset();
    if (offset == 0) {
      return CompletableFuture.completedStage(OptionalLong.empty());
    }
    return session
        .range(assignment, () -> !isDone())
        .thenApply(
            range -> {
              // As unsigned numbers, the negative ones lie beyond every end.
              if (offset < 0 || offset >= range.end()) {
                throw Status.OUT_OF_RANGE
                    .withDescription(
                        "last_known_offset: %s is beyond the log; it starts at %d and ends at %d"
                            .formatted(
                                Long.toUnsignedString(offset),
                                range.start(),
                                WireOffsets.end(range)))
                    .asRuntimeException();
              }
              return OptionalLong.of(offset);
            });
  }

  private void onStart(Session.ReceiveStart start, Throwable failure) {
    if (isDone()) {
      return;
    }
    if (failure != null) {
      endReading(failure);
      return;
    }
    pump =
        new RecordPump(
            RecordSink.of(call),
            context
                .processors()
                .reader(assignment.reader(), session.topic(), loop, () -> !isDone()),
            format.replayedUpTo(start.replayedUpTo()),
            context.pumpContext(loop),
            this::endReading);
    pump.useWithin(ConnectionQuotas.of(call.getAttributes(), principal));
    pump.pump();
  }

  @Override
  public void onReady() {
    if (pump != null) {
      pump.pump();
    }
  }

  @Override
  public CompletionStage<Void> onTaken() {
    return CompletableFuture.runAsync(() -> end(Status.OK), loop);
  }

  @Override
  boolean isReceive() {
    return true;
  }

  private void endReading(Throwable failure) {
    if (RecordPump.isOfTaken(failure)) {
      end(Status.OK);
    } else {
      var known = RefusedOperation.receive(failure, session.topic(), session.group());
      end(skippable(Statuses.of(known), failure));
    }
  }

  /** Adds the way past a record that cannot be read. */
  private static Status skippable(Status status, Throwable failure) {
    var offset = StorageException.of(failure).offset();
    return offset.isEmpty()
        ? status
        : status.withDescription(
            "%s; %s skips it"
                .formatted(status.getDescription(), RecordPump.wayBehind(offset.getAsLong())));
  }

  @Override
  void release() {
    if (pump != null) {
      pump.stop();
    }
    if (assignment != null) {
      assignment.endReceive(this);
    }
  }
}
