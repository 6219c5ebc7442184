package io.liiklus.storage.group;

import io.liiklus.api.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watch over the partitions of the topics that have subscriptions here. Confined to the groups'
 * loop.
 */
final class TopicWatch {

  /** What a subscription waits for. */
  interface Waiter {

    /** The topic as it was first found; empty where there is none yet. */
    void onFound(TopicView view, List<LogPartition> partitions);

    void onFailed(StorageException failure);
  }

  private static final Logger log = LoggerFactory.getLogger(TopicWatch.class);

  /** How often a topic is looked at that is there, and one that is not, or was not found out. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Duration MISSING_INTERVAL = Duration.ofSeconds(1);

  private final class Watched {
    private final String topic;
    private final TopicView view = new TopicView();
    private final List<Waiter> waiters = new ArrayList<>();
    private List<LogPartition> partitions;
    private int users;
    private boolean isLooking;
    private boolean isToLook;

    private Watched(String topic) {
      this.topic = topic;
    }

    private boolean isOver() {
      return watched.get(topic) != this;
    }

    private void look() {
      if (isLooking) {
        isToLook = true;
        return;
      }
      isLooking = true;
      CompletionStage<List<LogPartition>> stage;
      try {
        stage = logs.partitions(topic);
      } catch (RuntimeException fault) {
        stage = CompletableFuture.failedStage(fault);
      }
      var unused =
          stage.whenComplete(
              (found, failure) -> coordinator.commands().post(() -> onLooked(found, failure)));
    }

    private void onLooked(List<LogPartition> found, Throwable failure) {
      isLooking = false;
      if (isOver()) {
        return;
      }
      if (failure == null) {
        onFound(found);
      } else {
        onFailed(StorageException.of(failure));
      }
      if (isToLook) {
        isToLook = false;
        look();
      }
    }

    private void onFound(List<LogPartition> found) {
      partitions = List.copyOf(found);
      boolean isOther = view.update(partitions, coordinator.clockNs().getAsLong());
      notifyWaiters(waiter -> waiter.onFound(view, partitions));
      if (isOther) {
        coordinator.onTopicChanged(view);
      }
    }

    private void onFailed(StorageException failure) {
      if (!RetryingLookup.isHealing(failure)) {
        notifyWaiters(waiter -> waiter.onFailed(failure));
      }
      log.debug("cannot look for a topic, topic={} reason={}", topic, failure.getMessage());
    }

    private void notifyWaiters(Consumer<Waiter> notification) {
      var notified = List.copyOf(waiters);
      waiters.clear();
      notified.forEach(notification);
    }

    private void tick() {
      if (isOver()) {
        return;
      }
      look();
      var next = partitions == null || partitions.isEmpty() ? MISSING_INTERVAL : INTERVAL;
      coordinator.commands().postDelayed(next.toNanos(), this::tick);
    }
  }

  private final RecordLogs logs;
  private final GroupCoordinator coordinator;
  private final Map<String, Watched> watched = new HashMap<>();

  TopicWatch(RecordLogs logs, GroupCoordinator coordinator) {
    this.logs = logs;
    this.coordinator = coordinator;
  }

  /** Watches the topic for one subscription more, and looks at it now. */
  void add(String topic, Waiter waiter) {
    var found = watched.get(topic);
    if (found == null) {
      found = new Watched(topic);
      watched.put(topic, found);
      found.waiters.add(waiter);
      found.tick();
    } else {
      found.waiters.add(waiter);
      found.look();
    }
    found.users++;
  }

  void remove(String topic) {
    var found = watched.get(topic);
    if (found != null && --found.users == 0) {
      watched.remove(topic);
    }
  }

  /** The logs say that the topic has changed. */
  void onChanged(String topic) {
    var found = watched.get(topic);
    if (found != null) {
      found.look();
    }
  }
}
