package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.ConsumeNack;
import com.github.bsideup.liiklus.protocol.NackAction;
import java.util.ArrayList;
import java.util.List;

/** One partition of a Consume. Confined to the loop. */
final class ConsumeLink implements PartitionLink {

  private final ConsumeSession session;

  private final int partition;

  /** Records that came while the run before was not finished; the gateway bounds them. */
  private final List<ReceivedRecord> early = new ArrayList<>();

  /** Null until it begins. */
  private PartitionRun run;

  private boolean isRevoking;

  ConsumeLink(ConsumeSession session, int partition) {
    this.session = session;
    this.partition = partition;
  }

  @Override
  public int partition() {
    return partition;
  }

  @Override
  public void start(PartitionRun begun) {
    run = begun;
    if (!early.isEmpty()) {
      run.onRecords(List.copyOf(early));
      early.clear();
    }
    if (!session.isCurrent(this)) {
      run.lose();
    } else if (isRevoking) {
      run.stop();
    }
  }

  void onRecords(List<ReceivedRecord> records) {
    if (run == null) {
      early.addAll(records);
    } else {
      run.onRecords(records);
    }
  }

  void onAcked(long position) {
    if (run != null) {
      run.onStored(position);
    }
  }

  void onRevoking() {
    isRevoking = true;
    if (run != null) {
      run.stop();
    }
  }

  void onRevoked() {
    if (run != null) {
      run.lose();
    }
  }

  @Override
  public boolean isAckedBefore() {
    return true;
  }

  @Override
  public void ack(long position) {
    if (session.isCurrent(this)) {
      session.ack(partition, position);
    }
  }

  @Override
  public void ackAlone(long offset) {
    if (session.isCurrent(this)) {
      session.ackAlone(partition, offset);
    }
  }

  @Override
  public boolean hasNack() {
    return true;
  }

  @Override
  public void nack(long offset, NackAction action, Throwable failure) {
    if (session.isCurrent(this)) {
      session.nack(
          ConsumeNack.newBuilder()
              .setPartition(partition)
              .addOffsets(offset)
              .setAction(action)
              .setReason(DeadLetters.reason(failure))
              .build());
    }
  }

  @Override
  public long stored() {
    return -1;
  }

  /** The call's end is awaited, and that of a revocation by the gateway. */
  @Override
  public void whenAcked(Runnable task) {
    task.run();
  }

  /** The gateway itself stops at the window. */
  @Override
  public void readOn() {}

  @Override
  public void stop() {}

  @Override
  public void lose() {}

  @Override
  public void finished() {
    if (session.isCurrent(this)) {
      session.release(partition);
    }
  }
}
