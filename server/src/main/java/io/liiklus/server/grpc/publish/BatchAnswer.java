package io.liiklus.server.grpc.publish;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.PublishedRecord;
import io.liiklus.server.grpc.codec.reply.BatchReplyEncoder;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.grpc.codec.status.RefusedOperation;
import io.liiklus.server.grpc.codec.status.Statuses;
import java.util.BitSet;
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

  /** The answer to a batch of which no record was begun: each has this status. */
  public static EncodedReply notBegun(int records, Status status) {
    var results = new BatchReplyEncoder(records);
    for (int i = 0; i < records; i++) {
      results.add(status, true);
    }
    return results.end();
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
      complete(reply(Status.UNKNOWN, new BitSet()));
    }
  }

  @Override
  public EncodedReply giveUp(Status unknown) {
    isGivenUp = true;
    var named = named(unknown);
    return reply(named, withdraw());
  }

  @Override
  public void cancel() {
    var unused = withdraw();
  }

  /**
   * Takes back what has no answer, the last record first: none is published because one before it
   * was taken back.
   *
   * @return which ones are surely not stored
   */
  private BitSet withdraw() {
    var withdrawn = new BitSet();
    for (int i = records.size() - 1; i >= 0; i--) {
      if (!records.get(i).isDone()) {
        withdrawn.set(i, PublishAnswer.withdraw(records.get(i)));
      }
    }
    return withdrawn;
  }

  /** The status where it names a processor that the first of these records waits for. */
  private Status named(Status unknown) {
    for (var record : records) {
      if (!record.isDone()) {
        return PublishAnswer.named(unknown, record);
      }
    }
    return unknown;
  }

  private EncodedReply reply(Status unknown, BitSet withdrawn) {
    var results = new BatchReplyEncoder(records.size());
    boolean isFaultTold = false;
    for (int i = 0; i < records.size(); i++) {
      var record = records.get(i);
      if (!record.isDone()) {
        boolean isWithdrawn = withdrawn.get(i);
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
