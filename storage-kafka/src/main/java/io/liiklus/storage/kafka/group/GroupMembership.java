package io.liiklus.storage.kafka.group;

import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.group.StartOffsets;
import io.liiklus.storage.group.StartOffsets.FirstLook;
import io.liiklus.storage.read.CommandQueue;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes part in a group: its consumer is given partitions and loses them, and never fetches, since
 * all of them stay paused. Confined to its subscription's turns.
 */
final class GroupMembership {

  private static final Logger log = LoggerFactory.getLogger(GroupMembership.class);

  private final Consumer<?, ?> consumer;
  private final SubscriptionRequest request;
  private final CommandQueue commands;
  private final AssignedPartitions partitions;
  private final MemberContext context;

  private boolean isPollFailing;
  private boolean wasRefused;

  GroupMembership(
      Consumer<?, ?> consumer,
      SubscriptionRequest request,
      FirstLook firstLook,
      SubscriptionListener listener,
      CommandQueue commands,
      MemberContext context) {
    this.consumer = consumer;
    this.request = request;
    this.commands = commands;
    this.context = context;
    var starts = new StartOffsets(request, firstLook, listener);
    var lookup = new StartLookup(request.topic(), context.logRanges(), listener);
    this.partitions = new AssignedPartitions(consumer, starts, lookup, listener, commands, context);
  }

  void subscribe() {
    consumer.subscribe(List.of(request.topic()), partitions);
    commands.postDelayed(context.settings().topicAge().toNanos(), partitions::checkTopic);
  }

  /** Has the consumer send and take what is due; waits for nothing but the callbacks. */
  void poll() {
    try {
      var nothing = consumer.poll(Duration.ZERO);
      if (!nothing.isEmpty()) {
        throw new IllegalStateException("a partition that is paused was read: " + nothing);
      }
      isPollFailing = false;
    } catch (RetriableException passing) {
      if (!isPollFailing) {
        isPollFailing = true;
        log.warn(
            "poll failed, trying on, topic={} group={} reason={}",
            request.topic(),
            request.groupName(),
            passing.getMessage());
      }
    } catch (AuthenticationException refused) {
      wasRefused = true;
      context.faults().onLoginRefused(refused);
    }
  }

  /** Whether a poll was not let in. The next one of the classic protocol goes on from there. */
  boolean wasRefused() {
    return wasRefused;
  }

  /** Loses every partition and lets go of the consumer, without a word to the group. */
  void abandon() {
    partitions.loseAll();
    close(Duration.ZERO);
  }

  /** Ends every read and leaves the group. */
  void leave() {
    partitions.end(
        new StorageException(StorageException.Kind.CLOSED, "the subscription was closed"));
    close(context.settings().closeTimeout());
  }

  private void close(Duration longest) {
    try {
      consumer.close(CloseOptions.timeout(longest));
    } catch (KafkaException failure) {
      log.warn(
          "leaving the group failed, topic={} group={} reason={}",
          request.topic(),
          request.groupName(),
          failure.getMessage());
    }
  }
}
