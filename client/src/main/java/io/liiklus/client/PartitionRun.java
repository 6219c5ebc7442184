package io.liiklus.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * One partition from its assignment until it is given up: has its records handled, and acks.
 * Confined to the loop.
 */
final class PartitionRun {

  private final GroupMember member;
  private final PartitionLink link;
  private final Progress progress = new Progress();
  private final FailedRecords failed;
  private final List<Lane> lanes = new ArrayList<>();

  /** Of the last record that came; -1: none did. */
  private long lastOffset = -1;

  /** Whether the next reply is not asked for, as too much is here. */
  private boolean isHeld;

  private boolean isStopping;
  private boolean isFinished;

  PartitionRun(GroupMember member, PartitionLink link) {
    this.member = member;
    this.link = link;
    this.failed = new FailedRecords(member, this, link);
    for (int i = 0; i < member.options().lanes(); i++) {
      lanes.add(new Lane(this, member.options().handler()));
    }
  }

  void start() {
    link.start(this);
  }

  int partition() {
    return link.partition();
  }

  Executor handlers() {
    return member.handlers();
  }

  void execute(Runnable task) {
    member.channel().execute(task);
  }

  long lastOffset() {
    return lastOffset;
  }

  boolean isStopping() {
    return isStopping;
  }

  /** The log has begun anew: what comes next is behind nothing. */
  void forgetOffsets() {
    lastOffset = -1;
  }

  /** Records came; those that came before are dropped, but for those that were to come again. */
  void onRecords(List<ReceivedRecord> records) {
    if (isStopping) {
      return;
    }
    var items = new ArrayList<Lane.Item>(records.size());
    for (var record : records) {
      if (record.offset() > lastOffset) {
        lastOffset = record.offset();
        var entry = progress.add(lastOffset, record.record().getSerializedSize());
        items.add(new Lane.Item(record, entry));
      } else {
        failed.onSentAgain(record);
      }
    }
    member.onReceived(partition(), items.size());
    if (!member.options().isAtMostOnce() || link.isAckedBefore() || items.isEmpty()) {
      handOut(items);
      readOn();
      return;
    }
    long last = lastOffset;
    link.ack(last);
    link.whenAcked(
        () -> {
          if (link.stored() >= last && !isStopping) {
            handOut(items);
            readOn();
          }
        });
  }

  private void handOut(List<Lane.Item> items) {
    for (var item : items) {
      lane(item.record()).add(item);
    }
    lanes.forEach(Lane::handleNext);
  }

  private Lane lane(ReceivedRecord record) {
    return lanes.size() == 1
        ? lanes.get(0)
        : lanes.get(Math.floorMod(record.key().hashCode(), lanes.size()));
  }

  private void readOn() {
    var options = member.options();
    isHeld =
        progress.out() >= options.maxUnacked() || progress.outBytes() >= options.maxUnackedBytes();
    if (!isHeld) {
      link.readOn();
    }
  }

  void done(Progress.Entry entry) {
    boolean isMoved = progress.done(entry);
    if (!member.options().isAtMostOnce()) {
      if (isMoved) {
        link.ack(progress.position());
      } else {
        link.ackAlone(entry.offset());
      }
    }
    if (isHeld && !isStopping) {
      readOn();
    }
  }

  void onHandled(int records) {
    member.onHandled(partition(), records);
  }

  /** The handler failed at a record of the lane, which waits for what becomes of it. */
  void onFailure(Lane lane, Lane.Item item, Throwable failure) {
    failed.add(lane, item, failure);
  }

  /** The handler failed at a batch, whose records come again one by one. */
  void onBatchFailure(ReceivedRecord first, Throwable failure) {
    member.onHandlerFailed(first, failure);
  }

  /** The gateway has stored this position. */
  void onStored(long position) {
    failed.onStored(position);
  }

  /** Gives the partition up when what the handler has is done with, and acknowledged. */
  void stop() {
    if (isStopping) {
      return;
    }
    isStopping = true;
    link.stop();
    lanes.forEach(Lane::stop);
    onLaneStopped();
  }

  /** The same, but that nothing can be acknowledged any more. */
  void lose() {
    link.lose();
    stop();
  }

  void onLaneStopped() {
    if (isStopping && lanes.stream().allMatch(Lane::isStopped)) {
      link.whenAcked(this::finish);
    }
  }

  private void finish() {
    if (!isFinished) {
      isFinished = true;
      link.finished();
      member.onFinished(this);
    }
  }
}
