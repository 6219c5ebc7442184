package io.liiklus.storage.kafka.group;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.group.MemberScheduler;
import io.liiklus.storage.group.StartOffsets.FirstLook;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.read.CommandQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscription that waits for its topic, then has its {@link GroupMembership} poll at each turn,
 * until it is closed. Confined to its turns, but for {@link #close}.
 *
 * <p>A missing topic is looked up by the Admin client and not subscribed to: a consumer would ask
 * for it ten times a second and log a warning each time.
 *
 * <h2>Turns</h2>
 *
 * A consumer learns of a rebalance only when it is polled. So turns come quickly while something
 * moves, and more rarely the longer nothing has, up to {@link #STILL} apart.
 */
final class KafkaSubscription implements Subscription, MemberScheduler.Member {

  private static final Logger log = LoggerFactory.getLogger(KafkaSubscription.class);

  /** Delay of the next turn right after something moved. */
  private static final Duration QUICK = Duration.ofMillis(5);

  /** Longest delay of the next turn. */
  private static final Duration STILL = Duration.ofMillis(500);

  /** Delay after a refused login until the next one. */
  private static final Duration REFUSED = Duration.ofSeconds(2);

  /** Divisor of the time since something last moved, which gives the delay of the next turn. */
  private static final int PART = 4;

  private final KafkaGroups groups;
  private final SubscriptionRequest request;
  private final SubscriptionListener listener;
  private final String clientId;
  private final MemberScheduler.Schedule turns;
  private final CommandQueue commands;

  // Any thread.
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile boolean isClosing;

  // In its turns only.
  private GroupMembership member;
  private FirstLook firstLook;
  private boolean hasLookedForTopic;

  /** Set once the cluster has answered. */
  private boolean isLetIn;

  private boolean isWarned;
  private long movedNs = System.nanoTime();

  private KafkaSubscription(
      KafkaGroups groups,
      SubscriptionRequest request,
      SubscriptionListener listener,
      String clientId) {
    this.groups = groups;
    this.request = request;
    this.listener = listener;
    this.clientId = clientId;
    this.turns = groups.scheduler().add(this);
    this.commands = new CommandQueue(System::nanoTime, turns::wake);
  }

  /** Completes when the subscription has ended, whoever ended it. */
  CompletionStage<Void> closed() {
    return closed;
  }

  static KafkaSubscription start(
      KafkaGroups groups, SubscriptionRequest request, SubscriptionListener listener, long number) {
    var subscription = new KafkaSubscription(groups, request, listener, "liiklus-" + number);
    subscription.commands.post(subscription::lookForTopic);
    subscription.turns.wake();
    return subscription;
  }

  @Override
  public CompletionStage<Void> close() {
    isClosing = true;
    turns.wake();
    return closed;
  }

  @Override
  public long turn() {
    try {
      commands.endPoll();
      commands.runDue();
      if (isClosing) {
        end();
        return -1;
      }
      if (member != null) {
        member.poll();
        replaceRefused();
      }
      return commands.beginPoll(untilNextNs());
    } catch (Throwable failure) {
      KafkaFailures.report(failure, groups.faults());
      if (!isClosing) {
        listener.onFailed(logged(failure));
      }
      end();
      return -1;
    }
  }

  /**
   * Replaces a consumer of the newer group protocol whose login was refused: it takes no part any
   * more, and gives no sign of it. Its successor joins once the cluster answers again.
   */
  private void replaceRefused() {
    if (member.wasRefused() && groups.settings().clients().isConsumerProtocol()) {
      var refused = member;
      member = null;
      groups.scheduler().block(refused::abandon);
      commands.postDelayed(REFUSED.toNanos(), this::lookForTopic);
    }
  }

  /** Logs a failure that is not the gateway's fault; the listener logs those that are. */
  private StorageException logged(Throwable failure) {
    var known = KafkaFailures.of(failure);
    var which = "topic=" + request.topic() + " group=" + request.groupName();
    if (known.kind() == Kind.INTERNAL) {
      return new StorageException(known.kind(), "subscription failed, " + which, failure);
    }
    log.warn("subscription ended, {} reason={}", which, known.getMessage());
    return known;
  }

  private long untilNextNs() {
    long stillNs = System.nanoTime() - movedNs;
    return Math.max(QUICK.toNanos(), Math.min(STILL.toNanos(), stillNs / PART));
  }

  private void onMoved() {
    movedNs = System.nanoTime();
  }

  private void end() {
    try {
      if (member != null) {
        groups.scheduler().block(member::leave);
      }
    } finally {
      closed.complete(null);
    }
  }

  private void lookForTopic() {
    var unused =
        groups
            .topics()
            .look(request.topic())
            .whenComplete((found, failure) -> commands.post(() -> onLooked(found, failure)));
  }

  private void onLooked(Optional<TopicDescription> found, Throwable failure) {
    if (isClosing) {
      return;
    }
    isLetIn |= failure == null;
    if (failure != null) {
      onLookFailed(KafkaFailures.of(failure));
    } else if (found.isPresent()) {
      var topic = found.get();
      if (firstLook == null) {
        // All partitions of a topic that came later are new.
        int known = hasLookedForTopic ? 0 : topic.partitions().size();
        firstLook = new FirstLook(topic.topicId().toString(), known);
      }
      join();
      return;
    } else if (!hasLookedForTopic) {
      hasLookedForTopic = true;
      log.info("waiting for the topic, topic={} group={}", request.topic(), request.groupName());
    }
    var again = groups.settings().topicCheckInterval();
    commands.postDelayed(again.toNanos(), this::lookForTopic);
  }

  /** Fails at once where the gateway was never let in; else waits to be let in again. */
  private void onLookFailed(StorageException failure) {
    var known = isLetIn ? KafkaFailures.waitedOut(failure) : failure;
    if (known.kind() != Kind.UNAVAILABLE) {
      throw known;
    }
    if (!isWarned) {
      isWarned = true;
      log.warn(
          "cannot look for the topic, trying on, topic={} group={} reason={}",
          request.topic(),
          request.groupName(),
          known.getMessage());
    }
  }

  private void join() {
    if (isClosing) {
      return;
    }
    groups.scheduler().block(this::open);
    if (member == null) {
      var again = groups.settings().topicCheckInterval();
      commands.postDelayed(again.toNanos(), this::join);
      return;
    }
    onMoved();
    member.subscribe();
  }

  /** Leaves the member null where the names of the brokers cannot be resolved now. */
  private void open() {
    try {
      var consumer = groups.consumer(request.groupName(), clientId, this::onMoved);
      member = groups.membership(consumer, request, firstLook, listener, commands);
    } catch (KafkaException failure) {
      // The Admin client has the same settings, so the name service is away, or what a login needs.
      boolean isPassing = KafkaFailures.of(failure).kind() == Kind.UNAVAILABLE;
      if (!isPassing && !(failure.getCause() instanceof ConfigException)) {
        throw failure;
      }
      KafkaFailures.report(failure, groups.faults());
      log.warn(
          "cannot open a consumer, trying on, topic={} group={} reason={}",
          request.topic(),
          request.groupName(),
          KafkaFailures.of(failure).getMessage());
    }
  }
}
