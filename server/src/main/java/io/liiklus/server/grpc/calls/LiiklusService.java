package io.liiklus.server.grpc.calls;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsReply;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsReply;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.Empty;
import io.grpc.Status;
import io.liiklus.api.AccessRequest.Operation;
import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.grpc.calls.UnaryCall.Caller;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.reply.WireOffsets;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.request.RequestNames;
import io.liiklus.server.grpc.codec.status.BadRequest;
import io.liiklus.server.grpc.codec.status.RefusedOperation;
import io.liiklus.server.grpc.limits.ReadLimiter;
import io.liiklus.server.grpc.publish.BatchAnswer;
import io.liiklus.server.grpc.publish.PartialAnswer;
import io.liiklus.server.grpc.publish.PublishAnswer;
import io.liiklus.server.grpc.publish.PublishLane;
import io.liiklus.server.grpc.publish.PublishLanes;
import io.liiklus.server.grpc.publish.PublishPermit;
import io.liiklus.server.grpc.publish.PublishRules;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Sessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Handlers of the unary calls, and of each request of a PublishStream. Thread-safe. */
final class LiiklusService {

  private final RecordsStorage records;
  private final PositionsStorage positions;
  private final Sessions sessions;
  private final Acks acks;
  private final PublishRules rules;
  private final Access access;
  private final Drain drain;
  private final ReadLimiter reads;

  LiiklusService(GatewayCore core, PublishRules rules, Drain drain, ReadLimiter reads) {
    this.records = core.records();
    this.positions = core.positions();
    this.sessions = core.sessions();
    this.acks = core.acks();
    this.access = core.access();
    this.rules = rules;
    this.drain = drain;
    this.reads = reads;
  }

  PublishRules rules() {
    return rules;
  }

  Drain drain() {
    return drain;
  }

  CompletionStage<PublishReply> publish(Request<PublishRequest> request, Caller caller) {
    drain.requireServing();
    var lane = PublishLanes.of(caller.connection());
    return lane.begin(
        request,
        caller.patience(),
        caller.quota(),
        (publish, patience) -> publish(publish, lane, patience, caller));
  }

  private PublishAnswer publish(
      PublishRequest request, PublishLane lane, Duration patience, Caller caller) {
    var record = rules.decoder().decode(request);
    caller.quota().onPublished(record.bytes());
    var permit = PublishPermit.of(record.topic(), caller.principal(), access);
    return PublishAnswer.of(lane.publish(record, patience, permit), record.topic());
  }

  CompletionStage<EncodedReply> publishBatch(Request<PublishBatchRequest> request, Caller caller) {
    drain.requireServing();
    var lane = PublishLanes.of(caller.connection());
    return lane.begin(
        request,
        caller.patience(),
        caller.quota(),
        (batch, patience) -> publishBatch(batch, lane, patience, caller));
  }

  /** A request of a stream. */
  PartialAnswer<EncodedReply> publishStreamed(Request<PublishBatchRequest> request, Caller caller) {
    var lane = PublishLanes.of(caller.connection());
    return lane.begin(
        request, caller.patience(), caller.quota(), new StreamedBatch(this, lane, caller));
  }

  /** As a PublishBatch, but that each of its records has a result where it has no turn in time. */
  private record StreamedBatch(LiiklusService service, PublishLane lane, Caller caller)
      implements PublishLane.Start<PublishBatchRequest, EncodedReply> {

    @Override
    public PartialAnswer<EncodedReply> start(PublishBatchRequest batch, Duration patience) {
      return service.publishBatch(batch, lane, patience, caller);
    }

    @Override
    public EncodedReply withoutTurn(Request<PublishBatchRequest> request, Status status) {
      return BatchAnswer.notBegun(request.messageOrThrow().getRequestsCount(), status);
    }
  }

  /** One lane publishes them all, so those of one partition keep their order. */
  private BatchAnswer publishBatch(
      PublishBatchRequest request, PublishLane lane, Duration patience, Caller caller) {
    var answers = new ArrayList<CompletableFuture<PublishedRecord>>(request.getRequestsCount());
    var topics = new ArrayList<String>(request.getRequestsCount());
    var topic = "";
    PublishPermit permit = null;
    long bytes = 0;
    for (int i = 0; i < request.getRequestsCount(); i++) {
      try {
        var record = rules.decoder().decode(request.getRequests(i), topic);
        topic = record.topic();
        bytes += record.bytes();
        if (permit == null || !permit.topic().equals(topic)) {
          permit = PublishPermit.of(topic, caller.principal(), access);
        }
        answers.add(lane.publish(record, patience, permit).toCompletableFuture());
      } catch (RuntimeException refused) {
        // It spoils none of its neighbours.
        answers.add(CompletableFuture.failedFuture(refused));
      }
      topics.add(topic);
    }
    caller.quota().onPublished(bytes);
    return BatchAnswer.of(answers, topics, caller.loop());
  }

  // The field is deprecated for clients, and served as long as there are any.
  @SuppressWarnings("deprecation")
  CompletionStage<Empty> ack(AckRequest request, Caller caller) {
    long offset = RequestNames.offset(request.getOffset());
    if (request.hasAssignment()) {
      var assignment = request.getAssignment();
      if (assignment.getSessionId().isEmpty()) {
        throw new BadRequest(
            "assignment.session_id: is empty; the session_id of a reply to Subscribe");
      }
      int partition = RequestNames.partition("assignment.partition", assignment.getPartition());
      var session = sessions.get(assignment.getSessionId());
      var principal = caller.principal();
      var owner = session.owner();
      access.requireOwner(Operation.ACK, principal, owner, session.topic(), session.group());
      access.require(Operation.ACK, principal, session.topic(), session.group());
      return acked(
          session.ack(partition, offset, caller.patience(), caller.onAway()),
          session.topic(),
          session.group());
    }
    var id =
        new PositionId(
            RequestNames.topic(request.getTopic()),
            RequestNames.group(request.getGroup(), request.getGroupVersion()),
            RequestNames.partition("partition", request.getPartition()));
    access.require(Operation.ACK, caller.principal(), id.topic(), id.group());
    return acked(acks.ack(id, offset, caller.patience(), caller.onAway()), id.topic(), id.group());
  }

  private static CompletionStage<Empty> acked(
      CompletionStage<Void> ack, String topic, GroupId group) {
    return answered(
        ack,
        stored -> Empty.getDefaultInstance(),
        failure -> RefusedOperation.ack(failure, topic, group));
  }

  CompletionStage<GetOffsetsReply> offsets(GetOffsetsRequest request, Caller caller) {
    var topic = RequestNames.topic(request.getTopic());
    var group = RequestNames.group(request.getGroup(), request.getGroupVersion());
    access.require(Operation.DESCRIBE, caller.principal(), topic, group);
    return answered(
        ask(caller, () -> positions.find(topic, group)),
        found -> GetOffsetsReply.newBuilder().putAllOffsets(found).build(),
        failure -> RefusedOperation.readPositions(failure, topic, group));
  }

  CompletionStage<GetEndOffsetsReply> endOffsets(GetEndOffsetsRequest request, Caller caller) {
    var topic = RequestNames.topic(request.getTopic());
    access.require(Operation.DESCRIBE, caller.principal(), topic);
    return answered(
        ask(caller, () -> records.endOffsets(topic)),
        found -> GetEndOffsetsReply.newBuilder().putAllOffsets(WireOffsets.ends(found)).build(),
        failure -> RefusedOperation.readEndOffsets(failure, topic));
  }

  private <T> CompletionStage<T> ask(Caller caller, Supplier<CompletionStage<T>> request) {
    return reads.ask(caller.loop(), caller.isInTime(), caller.onAway(), request);
  }

  private static <T, A> CompletionStage<A> answered(
      CompletionStage<T> stage, Function<T, A> reply, UnaryOperator<Throwable> naming) {
    return stage.handle(
        (found, failure) -> {
          if (failure != null) {
            throw new CompletionException(naming.apply(failure));
          }
          return reply.apply(found);
        });
  }
}
