package io.liiklus.server.grpc.publish;

import com.github.bsideup.liiklus.protocol.PublishReply;
import io.grpc.Status;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.Withdrawable;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.grpc.codec.status.RefusedOperation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answer to a Publish. Completes on a thread of the storage. Thread-safe. */
public final class PublishAnswer extends CompletableFuture<PublishReply>
    implements PartialAnswer<PublishReply> {

  private final CompletionStage<PublishedRecord> publish;
  private final String topic;

  private PublishAnswer(CompletionStage<PublishedRecord> publish, String topic) {
    this.publish = publish;
    this.topic = topic;
  }

  public static PublishAnswer of(CompletionStage<PublishedRecord> publish, String topic) {
    var answer = new PublishAnswer(publish, topic);
    var unused = publish.whenComplete(answer::conclude);
    return answer;
  }

  /** Takes the record back; returns whether that could be, so that it is surely not stored. */
  static boolean withdraw(CompletionStage<PublishedRecord> publish) {
    return publish instanceof Withdrawable withdrawable && withdrawable.withdraw();
  }

  /** The status where it names the processor that is waited for, if one is. */
  static Status named(Status unknown, CompletionStage<PublishedRecord> publish) {
    if (!NotStored.isTimeUp(unknown) || !(publish instanceof ProcessedPublish processed)) {
      return unknown;
    }
    return processed
        .lateProcessor()
        .map(processor -> NotStored.waitsForProcessor(unknown, processor))
        .orElse(unknown);
  }

  private void conclude(PublishedRecord stored, Throwable failure) {
    if (failure != null) {
      completeExceptionally(RefusedOperation.publish(failure, topic));
    } else {
      complete(
          PublishReply.newBuilder()
              .setTopic(stored.topic())
              .setPartition(stored.partition())
              .setOffset(stored.offset())
              .build());
    }
  }

  @Override
  public PublishReply giveUp(Status unknown) {
    var named = named(unknown, publish);
    if (withdraw(publish)) {
      throw NotStored.withdrawn(named).asRuntimeException(NotStored.trailers());
    }
    throw unknown.asRuntimeException();
  }

  @Override
  public void cancel() {
    var unused = withdraw(publish);
  }
}
