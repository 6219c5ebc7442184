package io.liiklus.server.grpc.publish;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.PublishedRecord;
import io.liiklus.server.grpc.codec.reply.BatchReplyEncoder;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.grpc.codec.status.RefusedOperation;
import io.liiklus.server.grpc.codec.status.Statuses;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Answer to a batch, complete when each of its records has an answer. Thread-safe.
 *
 * <p>Records of one partition are mostly answered in order, so the last of the batch is waited for
 * first, and then the last of those that still have none: a few waits for a batch, not one for each
 * record.
 */
public final class BatchAnswer extends CompletableFuture<EncodedReply>
    implements PartialAnswer<EncodedReply> {

  private final List<CompletableFuture<PublishedRecord>> records;
  private final List<String> topics;
  private final EventLoop loop;
  private boolean isGivenUp; // Confined to the loop.

  private BatchAnswer(
      List<CompletableFuture<PublishedRecord>> records, List<String> topics, EventLoop loop) {
    this.records = records;
    this.topics = topics;
    this.loop = loop;
  }

  /**
   * @param records one for each record, in order
   * @param topics the topic of each record; of one that was not decoded, any
   * @param loop the call's event loop, on which the answer is made
   */
  public static BatchAnswer of(
      List<CompletableFuture<PublishedRecord>> records, List<String> topics, EventLoop loop) {
    var answer = new BatchAnswer(records, topics, loop);
    answer.awaitFrom(records.size() - 1);
    return answer;
  }

  private void awaitFrom(int last) {
    for (int i = last; i >= 0; i--) {
      var record = records.get(i);
      if (!record.isDone()) {
        int before = i - 1;
        var unused = record.whenComplete((stored, failure) -> awaitFrom(before));
        return;
      }
    }
    if (loop.inEventLoop()) {
      conclude();
    } else {
      loop.execute(this::conclude);
    }
  }

  private void conclude() {
    if (!isGivenUp) {
      complete(reply(Status.UNKNOWN));
    }
  }

  @Override
  public EncodedReply giveUp(Status unknown) {
    isGivenUp = true;
    return reply(unknown);
  }

  @Override
  public void cancel() {
    for (var record : records) {
      if (!record.isDone()) {
        var unused = PublishAnswer.withdraw(record);
      }
    }
  }

  private EncodedReply reply(Status unknown) {
    var results = new BatchReplyEncoder(records.size());
    boolean isFaultTold = false;
    for (int i = 0; i < records.size(); i++) {
      var record = records.get(i);
      if (!record.isDone()) {
        boolean isWithdrawn = PublishAnswer.withdraw(record);
        results.add(isWithdrawn ? NotStored.withdrawn(unknown) : unknown, isWithdrawn);
      } else if (!record.isCompletedExceptionally()) {
        results.add(record.join());
      } else {
        var failure = failure(record, topics.get(i));
        // One stack trace in the log is enough.
        var status =
            isFaultTold && Statuses.isFault(failure) ? Statuses.FAULT : Statuses.of(failure);
        isFaultTold |= status.getCode() == Status.Code.INTERNAL;
        results.add(status, NotStored.isSure(failure));
      }
    }
    return results.end();
  }

  private static Throwable failure(CompletableFuture<PublishedRecord> failed, String topic) {
    return RefusedOperation.publish(failed.handle((stored, reason) -> reason).join(), topic);
  }
}
