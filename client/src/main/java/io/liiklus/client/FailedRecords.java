package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.NackAction;
import io.liiklus.client.Lane.Item;
import java.util.TreeMap;

/**
 * Records of one partition at which the handler failed, until they come again or are done with.
 * Confined to the loop.
 *
 * <p>A gateway with {@code Consume} has them come again and publishes those that are given up; on
 * an older one both is done here. Either way the lane waits here: all records of a partition are
 * with one member, so the gateway is not asked for an order, which would send again what is here.
 */
final class FailedRecords {

  private record Nacked(Lane lane, Item item) {}

  private final GroupMember member;
  private final PartitionRun run;
  private final PartitionLink link;

  /** Those that the gateway has come again, by offset. */
  private final TreeMap<Long, Nacked> nacked = new TreeMap<>();

  /** Those that the gateway publishes to the dead-letter topic, by offset. */
  private final TreeMap<Long, Progress.Entry> givenUp = new TreeMap<>();

  FailedRecords(GroupMember member, PartitionRun run, PartitionLink link) {
    this.member = member;
    this.run = run;
    this.link = link;
  }

  /** The handler failed at a record of the lane, which waits for what becomes of it. */
  void add(Lane lane, Item item, Throwable failure) {
    member.onHandlerFailed(item.record(), failure);
    var action =
        member.options().isAtMostOnce()
            ? NackAction.SKIP
            : member.options().retry().action(item.record(), failure);
    switch (action) {
      case SKIP -> {
        run.done(item.entry());
        lane.goOn();
      }
      case DEAD_LETTER -> giveUp(lane, item, failure);
      default -> retry(lane, item, failure);
    }
  }

  private void retry(Lane lane, Item item, Throwable failure) {
    var policy = member.options().retry();
    if (link.hasNack()) {
      nacked.put(item.entry().offset(), new Nacked(lane, item));
      link.nack(item.entry().offset(), NackAction.RETRY, failure);
    } else {
      long waitMs = policy.waitMs(item.record().attempt());
      member.channel().schedule(() -> again(lane, item, item.record().attempt() + 1), waitMs);
    }
    if (!policy.isOrdered()) {
      lane.goOn();
    }
  }

  private void again(Lane lane, Item item, int attempt) {
    var next = new Item(item.record().withAttempt(attempt), item.entry());
    lane.again(next, member.options().retry().isOrdered());
  }

  /** A record came that has come before. One that did not fail is here, or done with. */
  void onSentAgain(ReceivedRecord record) {
    var waiting = nacked.remove(record.offset());
    if (waiting != null) {
      again(waiting.lane(), waiting.item(), record.attempt());
    }
  }

  private void giveUp(Lane lane, Item item, Throwable failure) {
    if (link.hasNack()) {
      givenUp.put(item.entry().offset(), item.entry());
      link.nack(item.entry().offset(), NackAction.DEAD_LETTER, failure);
      lane.goOn();
    } else {
      publish(lane, item, failure);
    }
  }

  private void publish(Lane lane, Item item, Throwable failure) {
    var unused =
        member
            .deadLetters()
            .publish(item.record(), failure)
            .whenComplete(
                (stored, refused) -> run.execute(() -> onPublished(lane, item, failure, refused)));
  }

  private void onPublished(Lane lane, Item item, Throwable failure, Throwable refused) {
    if (refused == null) {
      member.onDeadLetter(item.record().partition(), item.entry().offset());
      run.done(item.entry());
      lane.goOn();
    } else if (run.isStopping()) {
      lane.goOn();
    } else {
      member.onHandlerFailed(item.record(), refused);
      long waitMs = member.options().retry().waitMs(1);
      member.channel().schedule(() -> publish(lane, item, failure), waitMs);
    }
  }

  /** The gateway has stored this position: what was given up before it is in its topic. */
  void onStored(long position) {
    var letters = givenUp.headMap(position, true);
    for (var letter : letters.values()) {
      member.onDeadLetter(run.partition(), letter.offset());
      run.done(letter);
    }
    letters.clear();
    // As the gateway counts the attempts, it may have given these up itself.
    var over = nacked.headMap(position, true);
    for (var waiting : over.values()) {
      run.done(waiting.item().entry());
      if (member.options().retry().isOrdered()) {
        waiting.lane().goOn();
      }
    }
    over.clear();
  }
}
