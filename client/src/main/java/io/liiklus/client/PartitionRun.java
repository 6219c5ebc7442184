package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.ReceiveReply;
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

  /** The log has begun anew: what comes next is behind nothing. */
  void forgetOffsets() {
    lastOffset = -1;
  }

  /** Records came; those that came before are dropped. */
  void onRecords(List<ReceiveReply.Record> records) {
    if (isStopping) {
      return;
    }
    var items = new ArrayList<Lane.Item>(records.size());
    for (var record : records) {
      if (record.getOffset() > lastOffset) {
        lastOffset = record.getOffset();
        var received =
            new ReceivedRecord(member.options().subscription().getTopic(), partition(), record, 1);
        items.add(new Lane.Item(received, progress.add(lastOffset)));
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
    isHeld = progress.out() >= member.options().maxUnacked();
    if (!isHeld) {
      link.readOn();
    }
  }

  void done(Progress.Entry entry) {
    boolean isMoved = progress.done(entry);
    if (isMoved && !member.options().isAtMostOnce()) {
      link.ack(progress.position());
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
    member.onHandlerFailed(item.record(), failure);
    var policy = member.options().retry();
    if (member.options().isAtMostOnce()) {
      done(item.entry());
      lane.goOn();
    } else if (policy.isGivenUp(item.record().attempt())) {
      giveUp(lane, item, failure);
    } else {
      member.channel().schedule(() -> lane.again(item), policy.waitMs(item.record().attempt()));
    }
  }

  private void giveUp(Lane lane, Lane.Item item, Throwable failure) {
    var unused =
        member
            .deadLetters()
            .publish(item.record(), failure)
            .whenComplete(
                (stored, refused) ->
                    execute(
                        () -> {
                          if (refused == null) {
                            member.onDeadLetter(item.record());
                            done(item.entry());
                            lane.goOn();
                          } else if (isStopping) {
                            lane.goOn();
                          } else {
                            member.onHandlerFailed(item.record(), refused);
                            long waitMs = member.options().retry().waitMs(1);
                            member.channel().schedule(() -> giveUp(lane, item, failure), waitMs);
                          }
                        }));
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
