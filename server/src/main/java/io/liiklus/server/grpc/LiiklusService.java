package io.liiklus.server.grpc;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsReply;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsReply;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.Empty;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.grpc.codec.BadRequest;
import io.liiklus.server.grpc.codec.EncodedReply;
import io.liiklus.server.grpc.codec.RequestNames;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Retry;
import io.liiklus.server.session.Sessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What each unary call does. Thread-safe. */
final class LiiklusService {

  private final RecordsStorage records;
  private final PositionsStorage positions;
  private final Sessions sessions;
  private final Acks acks;
  private final PublishRules rules;
  private final Drain drain;

  LiiklusService(GrpcParts parts, PublishRules rules, Drain drain) {
    this.records = parts.records();
    this.positions = parts.positions();
    this.sessions = parts.sessions();
    this.acks = parts.acks();
    this.rules = rules;
    this.drain = drain;
  }

  PublishRules rules() {
    return rules;
  }

  CompletionStage<PublishReply> publish(
      PublishRequest question, Duration patience, EventLoop loop) {
    drain.requireServing();
    return records
        .publish(rules.decoder().decode(question), patience)
        .thenApply(LiiklusService::reply);
  }

  private static PublishReply reply(PublishedRecord stored) {
    return PublishReply.newBuilder()
        .setTopic(stored.topic())
        .setPartition(stored.partition())
        .setOffset(stored.offset())
        .build();
  }

  /** One thread publishes them all, so those of one partition keep their order. */
  CompletionStage<EncodedReply> publishBatch(
      PublishBatchRequest question, Duration patience, EventLoop loop) {
    drain.requireServing();
    rules.requireCount(question);
    var answers = new ArrayList<CompletableFuture<PublishedRecord>>(question.getRequestsCount());
    var topic = "";
    for (int i = 0; i < question.getRequestsCount(); i++) {
      try {
        var record = rules.decoder().decode(question.getRequests(i), topic);
        topic = record.topic();
        answers.add(records.publish(record, patience).toCompletableFuture());
      } catch (RuntimeException refused) {
        // It spoils none of its neighbours.
        answers.add(CompletableFuture.failedFuture(refused));
      }
    }
    return BatchAnswer.of(answers, loop);
  }

  CompletionStage<Empty> ack(AckRequest question, Duration patience, EventLoop loop) {
    long offset = RequestNames.offset(question.getOffset());
    return store(question, offset, patience).thenApply(stored -> Empty.getDefaultInstance());
  }

  // The field is deprecated for clients, and served as long as there are any.
  @SuppressWarnings("deprecation")
  private CompletionStage<Void> store(AckRequest question, long offset, Duration patience) {
    if (question.hasAssignment()) {
      var assignment = question.getAssignment();
      if (assignment.getSessionId().isEmpty()) {
        throw new BadRequest("assignment.session_id: is empty; the one that Subscribe told");
      }
      int partition = RequestNames.partition("assignment.partition", assignment.getPartition());
      return sessions.get(assignment.getSessionId()).ack(partition, offset, patience);
    }
    var id =
        new PositionId(
            RequestNames.topic(question.getTopic()),
            RequestNames.group(question.getGroup(), question.getGroupVersion()),
            RequestNames.partition("partition", question.getPartition()));
    return acks.ack(id, offset, patience);
  }

  CompletionStage<GetOffsetsReply> offsets(
      GetOffsetsRequest question, Duration patience, EventLoop loop) {
    var topic = RequestNames.topic(question.getTopic());
    var group = RequestNames.group(question.getGroup(), question.getGroupVersion());
    return patiently(patience, loop, () -> positions.find(topic, group))
        .thenApply(found -> GetOffsetsReply.newBuilder().putAllOffsets(found).build());
  }

  CompletionStage<GetEndOffsetsReply> endOffsets(
      GetEndOffsetsRequest question, Duration patience, EventLoop loop) {
    var topic = RequestNames.topic(question.getTopic());
    return patiently(patience, loop, () -> records.endOffsets(topic))
        .thenApply(found -> GetEndOffsetsReply.newBuilder().putAllOffsets(found).build());
  }

  private static CompletionStage<Map<Integer, Long>> patiently(
      Duration patience, EventLoop loop, Supplier<CompletionStage<Map<Integer, Long>>> question) {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    BooleanSupplier isWanted = () -> System.nanoTime() - deadlineNs < 0;
    return Retry.whileUnavailable(loop, isWanted, question);
  }
}
