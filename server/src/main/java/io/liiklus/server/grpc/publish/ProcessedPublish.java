package io.liiklus.server.grpc.publish;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.Withdrawable;
import io.liiklus.server.processing.PreProcessing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A publish that waits, or has waited, for the processors: for those that have its record, or for
 * those that have a record before it. Confined to the connection's event loop, but that it
 * completes on a thread of the storage.
 */
final class ProcessedPublish extends WaitingAnswer<PublishedRecord> implements Withdrawable {

  private final ProcessingLane lane;
  private final PublishPermit permit;
  private final PreProcessing processing;
  private final long bytes;

  private boolean isWithdrawn;

  /** The publish behind the processors; null as long as the record waits for them. */
  private CompletionStage<PublishedRecord> answer;

  /**
   * @param permit by which the record is published
   * @param bytes what the record counts for
   */
  ProcessedPublish(
      ProcessingLane lane,
      PublishPermit permit,
      long bytes,
      PreProcessing processing,
      Duration patience) {
    super(patience);
    this.lane = lane;
    this.permit = permit;
    this.bytes = bytes;
    this.processing = processing;
  }

  long bytes() {
    return bytes;
  }

  PublishPermit permit() {
    return permit;
  }

  PreProcessing processing() {
    return processing;
  }

  boolean isWithdrawn() {
    return isWithdrawn;
  }

  /** The processors are done with the record. */
  void follow(CompletionStage<PublishedRecord> published) {
    answer = published;
    completeAs(published);
  }

  /**
   * Time is up: the name of the processor that is waited for, which is warned of. Empty where none
   * is.
   */
  Optional<String> lateProcessor() {
    return answer == null && !isWithdrawn ? lane.lateProcessor() : Optional.empty();
  }

  @Override
  public boolean withdraw() {
    if (answer != null) {
      return answer instanceof Withdrawable taken && taken.withdraw();
    }
    if (!isWithdrawn) {
      isWithdrawn = true;
      lane.withdraw(this);
    }
    return true;
  }
}
