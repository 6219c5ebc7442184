package io.liiklus.storage.group;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.group.StartOffsets.FirstLook;
import io.liiklus.storage.read.Commands;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription: looks for its topic, joins the group as a member, and reads what that is
 * assigned. Confined to the groups' loop, but for {@link #close} and {@link #abandon}.
 *
 * <p>It is the loop of its partitions too: a task of theirs that fails ends this subscription and
 * no other.
 */
final class GroupedSubscription
    implements Subscription, MemberPartitions, TopicWatch.Waiter, Commands {

  private static final Logger log = LoggerFactory.getLogger(GroupedSubscription.class);

  private final GroupedRecordsStorage storage;
  private final SubscriptionRequest request;
  private final SubscriptionListener listener;

  // Any thread.
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile boolean isClosing;

  // Loop only.
  private AssignedPartitions partitions;
  private GroupMember member;
  private boolean isFailed;
  private boolean isLeft;

  GroupedSubscription(
      GroupedRecordsStorage storage, SubscriptionRequest request, SubscriptionListener listener) {
    this.storage = storage;
    this.request = request;
    this.listener = listener;
  }

  void begin() {
    storage.watch().add(request.topic(), this);
  }

  @Override
  public void onFound(TopicView view, List<LogPartition> found) {
    if (isClosing || isFailed) {
      return;
    }
    // Partitions that the topic does not have yet are new.
    int known = found.stream().mapToInt(partition -> partition.id() + 1).max().orElse(0);
    var firstLook = new FirstLook(SharedLogRanges.INCARNATION, known);
    partitions =
        new AssignedPartitions(
            new StartOffsets(request, firstLook, listener, storage.areCountable()),
            storage.ranges(),
            storage.reading(),
            this,
            storage.settings());
    partitions.notifyEnded(partition -> member.group().onEnded(partition));
    var key = GroupCoordinator.key(request.topic(), request.groupName());
    member = storage.coordinator().join(key, view, this);
  }

  @Override
  public void onFailed(StorageException failure) {
    if (isFailed || isClosing) {
      return;
    }
    isFailed = true;
    var which = "topic=" + request.topic() + " group=" + request.groupName();
    if (failure.kind() == Kind.INTERNAL) {
      log.error("subscription failed by a fault of the gateway, {}", which, failure);
    } else {
      log.warn("subscription ended, {} reason={}", which, failure.getMessage());
    }
    if (partitions != null) {
      partitions.end(failure);
    }
    listener.onFailed(failure);
    leave();
  }

  @Override
  public CompletionStage<Void> close() {
    if (!isClosing) {
      isClosing = true;
      storage.commands().post(this::onClose);
    }
    return closed;
  }

  /** On the loop; at the end of the storage at once, before the group would revoke. */
  void onClose() {
    isClosing = true;
    if (partitions != null) {
      partitions.end(new StorageException(Kind.CLOSED, "the subscription was closed"));
    }
    leave();
    storage.commands().postDelayed(storage.closeTimeout().toNanos(), () -> closed.complete(null));
  }

  private void leave() {
    if (member != null) {
      member.close();
    } else {
      onLeft();
    }
  }

  @Override
  public void onLeft() {
    if (isLeft) {
      return;
    }
    isLeft = true;
    storage.remove(this);
    storage.watch().remove(request.topic());
    closed.complete(null);
  }

  /** The storage has closed: no loop turns any more. */
  void abandon() {
    isClosing = true;
    if (partitions != null) {
      partitions.end(new StorageException(Kind.CLOSED, "the records storage was closed"));
    }
    closed.complete(null);
  }

  /** Reads that were held back may go on. */
  void readOn() {
    if (partitions != null) {
      partitions.readOn();
    }
  }

  @Override
  public void assign(Collection<Integer> assigned) {
    log.debug("partitions assigned, {} partitions={}", request, assigned);
    runSafely(() -> partitions.assign(assigned));
  }

  @Override
  public CompletionStage<Void> revoke(Collection<Integer> revoked) {
    log.debug("partitions revoked, {} partitions={}", request, revoked);
    if (isFailed) {
      return CompletableFuture.completedStage(null);
    }
    try {
      return partitions.revoke(revoked);
    } catch (RuntimeException fault) {
      return CompletableFuture.failedStage(fault);
    }
  }

  @Override
  public void lose(Collection<Integer> lost) {
    if (isClosing) {
      var unused = revoke(lost);
    } else if (!isFailed) {
      runSafely(() -> partitions.lose(lost));
    }
  }

  @Override
  public void post(Runnable task) {
    storage.commands().post(() -> runSafely(task));
  }

  @Override
  public void postDelayed(long delayNs, Runnable task) {
    storage.commands().postDelayed(delayNs, () -> runSafely(task));
  }

  /** A task of its partitions; behind the end there is nothing to do for them. */
  private void runSafely(Runnable task) {
    if (isClosing || isFailed) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException failure) {
      onFailed(StorageException.of(failure));
    }
  }
}
