package io.liiklus.positions.redis;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeper of one open connection to Redis: connects in the background, again and again with a
 * bounded delay, for as long as the storage lives. Thread-safe.
 *
 * <pre>
 *   connecting --opened--&gt; open --broken, or silent for BAD_BEATS--&gt; connecting
 *   connecting --failed--&gt; connecting, after a while
 * </pre>
 *
 * A connection to a cluster does not break: its nodes come and go. Where one is silent, a new
 * connection is opened beside it and then replaces it.
 *
 * <p>While open, a PING every {@code redis.heartbeat}: a peer that died without a word, with writes
 * under way, would else go unnoticed until the kernel gives up sending, after a quarter of an hour.
 *
 * <p>Threads: steps are taken one at a time, under this object's lock, by Lettuce's threads; {@link
 * #link} is for any thread and takes no lock.
 */
final class RedisConnector {

  private static final Logger log = LoggerFactory.getLogger(RedisConnector.class);

  /** After so many bad heartbeats in a row, a connection is opened again. */
  private static final int BAD_BEATS = 2;

  /** Attempts between two WARNs while Redis stays away. */
  private static final int ATTEMPTS_PER_WARNING = 30;

  private final RedisSettings settings;
  private final RedisConnectionFactory links;
  private final ConnectBackoff backoff;
  private final Consumer<RedisConnection> onOpen;

  // Any thread.
  private volatile RedisConnection link;
  private volatile StorageException failure =
      new StorageException(Kind.UNAVAILABLE, "not connected to Redis yet");
  private volatile boolean isClosed;

  // Guarded by this.
  /** Reasons of failed attempts that were warned of since the last regular warning. */
  private final Set<String> warnedReasons = new HashSet<>();

  private int failedAttempts;
  private int badBeats;
  private boolean isRenewing;

  /**
   * @param onOpen notified of every connection that opens, before calls are sent through it
   */
  RedisConnector(
      RedisSettings settings, RedisConnectionFactory links, Consumer<RedisConnection> onOpen) {
    this.settings = settings;
    this.links = links;
    this.backoff =
        new ConnectBackoff(
            settings.reconnectDelay(), () -> ThreadLocalRandom.current().nextDouble());
    this.onOpen = onOpen;
  }

  /** Returns at once: another thread loads and sets up the first connection. */
  void start() {
    links.timers().execute(this::attempt);
  }

  /**
   * The open connection.
   *
   * @throws StorageException saying why there is none
   */
  RedisConnection link() {
    var open = link;
    if (isClosed) {
      throw closed();
    }
    if (open == null) {
      // With a stack trace of its own: the one kept would be shared by many calls.
      throw new StorageException(failure.kind(), failure.getMessage(), failure.getCause());
    }
    return open;
  }

  boolean isCurrent(RedisConnection other) {
    return link == other;
  }

  boolean isClosed() {
    return isClosed;
  }

  static StorageException closed() {
    return new StorageException(Kind.CLOSED, "the positions storage was closed");
  }

  /** Runs the task later, unless the storage is closed by then. */
  void later(Duration delay, Runnable task) {
    try {
      var unused =
          links
              .timers()
              .schedule(
                  () -> {
                    if (!isClosed) {
                      task.run();
                    }
                  },
                  delay.toMillis(),
                  TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException shutDown) {
      log.debug("timer refused, the storage is closing");
    }
  }

  /** Waits, within a bound, until everything is let go of. */
  void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      link = null;
    }
    links.close();
  }

  private void attempt() {
    CompletionStage<RedisConnection> opening;
    try {
      opening = links.open();
    } catch (RuntimeException refused) {
      opening = CompletableFuture.failedFuture(refused);
    }
    opening.whenComplete(
        (opened, thrown) -> {
          if (thrown == null) {
            onOpened(opened);
          } else {
            onFailed(thrown);
          }
        });
  }

  private void onOpened(RedisConnection opened) {
    RedisConnection before;
    // Outside of the lock: it sends commands.
    onOpen.accept(opened);
    synchronized (this) {
      if (isClosed) {
        closeUnheard(opened);
        return;
      }
      failedAttempts = 0;
      badBeats = 0;
      isRenewing = false;
      before = link;
      link = opened;
    }
    log.info("connected to Redis, at={}", settings.target());
    if (before != null) {
      // Not at once: other masters still answer the commands under way.
      later(settings.commandTimeout(), () -> closeUnheard(before));
    }
    opened.onEnd(() -> drop(opened, "the connection to Redis broke"));
    beatLater(opened);
  }

  private static void closeUnheard(RedisConnection ended) {
    var unused = ended.close();
  }

  private synchronized void onFailed(Throwable thrown) {
    if (isClosed) {
      return;
    }
    failure = ConnectFailures.of(thrown, settings.target().isTls());
    if (failedAttempts % ATTEMPTS_PER_WARNING == 0) {
      warnedReasons.clear();
    }
    // A server that closes the connection behind its refusal may be seen to close it first.
    if (warnedReasons.add(failure.getMessage())) {
      log.warn(
          "cannot connect to Redis, going on trying, at={} attempts={} reason={}",
          settings.target(),
          failedAttempts + 1,
          failure.getMessage());
      log.debug("cannot connect to Redis", thrown);
    }
    if (link != null) {
      // The connection that was to be renewed is still in use, and its heartbeat will ask again.
      isRenewing = false;
      return;
    }
    failedAttempts++;
    later(backoff.after(failedAttempts), this::attempt);
  }

  private void drop(RedisConnection broken, String reason) {
    synchronized (this) {
      if (isClosed || link != broken) {
        return;
      }
      link = null;
      failure = new StorageException(Kind.UNAVAILABLE, reason);
    }
    log.warn("Redis is away, at={} reason={}", settings.target(), reason);
    closeUnheard(broken);
    later(backoff.after(1), this::attempt);
  }

  private void beatLater(RedisConnection open) {
    later(
        settings.heartbeat(),
        () -> {
          if (isCurrent(open)) {
            open.ping().whenComplete((replies, thrown) -> onBeat(open, replies, thrown));
          }
        });
  }

  private void onBeat(RedisConnection open, List<PingReply> replies, Throwable thrown) {
    boolean isBad = thrown != null || PingReply.callForNewLink(replies);
    boolean isEnough;
    synchronized (this) {
      badBeats = isBad ? badBeats + 1 : 0;
      isEnough = badBeats >= BAD_BEATS;
    }
    if (isEnough && open.endsWhenBroken()) {
      drop(open, "Redis does not answer");
    } else if (isEnough) {
      renew(open);
    }
    beatLater(open);
  }

  /**
   * Opens a connection beside this one, which may still reach some masters, and then replaces it.
   */
  private void renew(RedisConnection open) {
    synchronized (this) {
      if (isClosed || link != open || isRenewing) {
        return;
      }
      isRenewing = true;
      badBeats = 0;
    }
    log.warn("a master of the Redis Cluster does not answer, at={}", settings.target());
    attempt();
  }

  /** Opens another connection where that alone mends the failure of a call. */
  void onFailedCall(RedisConnection open, Throwable thrown) {
    if (open.endsWhenBroken() && RedisFailures.isReadOnly(thrown)) {
      drop(open, "this Redis is a replica now");
    }
  }
}
