package io.liiklus.server.grpc.publish;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.Withdrawable;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Publish that waits, or has waited, for a storage that was full. Confined to the connection's
 * event loop, but that it completes on a thread of the storage.
 */
final class WaitingPublish extends WaitingAnswer<PublishedRecord> implements Withdrawable {

  /** Cost of a record beside its bytes: this, the record's own object, and arrays' heads. */
  private static final long FIXED_BYTES = 200;

  /** Cost of a header beside its bytes. */
  private static final long HEADER_BYTES = 128;

  private final PublishLane lane;
  private final long bytes;

  /** Null once the record was taken or withdrawn. */
  private RecordToPublish record;

  /** The storage's; null as long as the record waits. */
  private CompletionStage<PublishedRecord> answer;

  WaitingPublish(PublishLane lane, RecordToPublish record, Duration patience) {
    super(patience);
    this.lane = lane;
    this.record = record;
    this.bytes = bytes(record);
  }

  /** How many bytes a record counts for while it waits. */
  static long bytes(RecordToPublish record) {
    return FIXED_BYTES + HEADER_BYTES * record.headers().size() + record.bytes();
  }

  long bytes() {
    return bytes;
  }

  RecordToPublish record() {
    return record;
  }

  boolean isWithdrawn() {
    return record == null;
  }

  /** The storage took the record. */
  void follow(CompletionStage<PublishedRecord> taken) {
    answer = taken;
    record = null;
    completeAs(taken);
  }

  @Override
  public boolean withdraw() {
    if (answer != null) {
      return answer instanceof Withdrawable taken && taken.withdraw();
    }
    if (!isWithdrawn()) {
      record = null;
      lane.withdraw(this);
    }
    return true;
  }
}
