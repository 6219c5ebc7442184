package io.liiklus.server.session;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.Settings;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.server.session.SessionException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All sessions of this gateway, by id. Thread-safe. */
public final class Sessions {

  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  /**
   * The settings below {@code sessions}. Immutable.
   *
   * @param max how many may be open
   * @param unread after how long an assignment with records that nobody receives is warned of
   */
  public record Options(int max, Duration unread) {

    public static Options read(Settings sessions) {
      return new Options(
          sessions.integer("max", 1, Integer.MAX_VALUE),
          sessions.duration("unreadWarning", Duration.ofSeconds(1), Duration.ofDays(1)));
    }
  }

  private final RecordsStorage records;
  private final PositionsStorage positions;
  private final Acks acks;
  private final SkipCounter skips;
  private final Retry retry;
  private final Options options;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  /** Closing sessions, with the futures that complete when they are closed. */
  private final Map<Session, CompletableFuture<Void>> leaving = new ConcurrentHashMap<>();

  /** Assignments that were warned of, so that each is warned of once. */
  private volatile List<Assignment> unread = List.of();

  private volatile boolean isDraining;

  /**
   * @param retry repeats requests for positions
   */
  public Sessions(
      RecordsStorage records,
      PositionsStorage positions,
      Acks acks,
      SkipCounter skips,
      Retry retry,
      Options options) {
    this.records = records;
    this.positions = positions;
    this.acks = acks;
    this.skips = skips;
    this.retry = retry;
    this.options = options;
  }

  RecordsStorage records() {
    return records;
  }

  PositionsStorage positions() {
    return positions;
  }

  Acks acks() {
    return acks;
  }

  SkipCounter skips() {
    return skips;
  }

  Retry retry() {
    return retry;
  }

  /**
   * Opens a session.
   *
   * @throws SessionException when there are too many
   */
  public Session open(
      String topic, GroupId group, AutoOffsetReset reset, SessionObserver observer) {
    if (count.incrementAndGet() > options.max()) {
      count.decrementAndGet();
      throw new SessionException(
          Reason.EXHAUSTED, "more than sessions.max = " + options.max() + " sessions are open");
    }
    var session = new Session(UUID.randomUUID().toString(), topic, group, this, observer);
    sessions.put(session.id(), session);
    try {
      session.begin(
          records.subscribe(new SubscriptionRequest(topic, group.name(), reset), session));
    } catch (RuntimeException failure) {
      var unused = close(session);
      throw failure;
    }
    return session;
  }

  /**
   * The session of an assignment.
   *
   * @throws SessionException when there is none
   */
  public Session get(String id) {
    var session = sessions.get(id);
    if (session == null) {
      throw new SessionException(
          Reason.FAILED_PRECONDITION,
          "this gateway has no such session: call Receive on the channel that Subscribe runs on");
    }
    return session;
  }

  /** Leaves the group; completes when that is done. */
  public CompletionStage<Void> close(Session session) {
    // While the gateway drains, acks still name the sessions that were ended.
    if (!isDraining && sessions.remove(session.id(), session)) {
      count.decrementAndGet();
    }
    var closed = session.close().toCompletableFuture();
    leaving.put(session, closed);
    return closed.whenComplete((done, failure) -> leaving.remove(session));
  }

  /** From now on sessions that are closed can still be acknowledged through. */
  public void drain() {
    isDraining = true;
  }

  /** Leaves every group; completes when all are left, those too that began to be left before. */
  public CompletionStage<Void> closeAll() {
    sessions.values().forEach(this::close);
    return CompletableFuture.allOf(leaving.values().toArray(CompletableFuture[]::new));
  }

  public int count() {
    return count.get();
  }

  /** Every assigned partition; twice where two sessions of one group have it for a moment. */
  public void forEachAssignment(Consumer<PositionId> visitor) {
    for (var session : sessions.values()) {
      for (var entry : session.assignments().entrySet()) {
        visitor.accept(new PositionId(session.topic(), session.group(), entry.getKey()));
      }
    }
  }

  /** Number of assignments that had records and no Receive for too long, when last looked. */
  public int unreadCount() {
    return unread.size();
  }

  /** Looks for assignments that nobody receives. To be called every few seconds by one thread. */
  public void warnOfUnread() {
    long nowNs = System.nanoTime();
    var before = unread;
    var found = new ArrayList<Assignment>();
    for (var session : sessions.values()) {
      for (var entry : session.assignments().entrySet()) {
        var assignment = entry.getValue();
        if (!assignment.isUnread(nowNs, options.unread().toNanos())) {
          continue;
        }
        found.add(assignment);
        if (!before.contains(assignment)) {
          log.warn(
              "records wait and no Receive is open, topic={} group={} version={} partition={}"
                  + " session={}",
              session.topic(),
              session.group().name(),
              session.group().version(),
              entry.getKey(),
              session.id());
        }
      }
    }
    unread = found;
  }
}
