package io.liiklus.server.security.jwt;

import com.nimbusds.jose.JWSHeader;
import io.liiklus.server.runtime.WarnLimit;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys of a document that is fetched again and again, on a thread of its own. Thread-safe.
 *
 * <p>A fetch is due after {@link JwksSettings#refresh}, and when a token names a key that is not
 * there; but none begins within {@link JwksSettings#minInterval} of the end of the one before, so
 * that tokens with made-up keys cause no more than that. Calls wait for the next one where it may
 * begin within {@link JwksSettings#timeout}: a key may be new since the last fetch. While the
 * document cannot be fetched, or is none, the keys of the last one stay in use.
 */
final class JwksKeys implements VerificationKeys {

  private static final Logger log = LoggerFactory.getLogger(JwksKeys.class);

  private static final CompletionStage<Void> NOTHING_NEW = CompletableFuture.completedStage(null);

  /** How much longer than a fetch may take calls wait for it: host names are looked up before. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final KeyDocument document;
  private final JwksSettings settings;
  private final ScheduledExecutorService fetches;

  // Any thread.
  private final AtomicReference<CompletableFuture<Void>> pending = new AtomicReference<>();
  private volatile JwkSet current;
  private volatile long nextAllowedNs = System.nanoTime();

  // The thread that fetches only.
  private final WarnLimit warnings = new WarnLimit();
  private boolean isAway;

  private JwksKeys(KeyDocument document, JwksSettings settings) {
    this.document = document;
    this.settings = settings;
    this.fetches = Executors.newSingleThreadScheduledExecutor(JwksKeys::thread);
  }

  /** Returns at once; the first fetch is under way. */
  static JwksKeys open(JwksSettings settings) {
    return open(settings.document(), settings);
  }

  static JwksKeys open(KeyDocument document, JwksSettings settings) {
    var keys = new JwksKeys(document, settings);
    var unused = keys.refresh();
    keys.scheduleNext(settings.minInterval());
    return keys;
  }

  @Override
  public Optional<VerificationKey> find(JWSHeader header) {
    var set = current;
    return set == null ? Optional.empty() : set.find(header);
  }

  @Override
  public boolean areAway() {
    return current == null;
  }

  @Override
  public Object generation() {
    var set = current;
    return set == null ? NOTHING_NEW : set;
  }

  @Override
  public CompletionStage<Void> refresh() {
    var running = pending.get();
    if (running != null) {
      return running;
    }
    long waitNs = Math.max(0, nextAllowedNs - System.nanoTime());
    if (waitNs > settings.timeout().toNanos()) {
      return NOTHING_NEW;
    }
    var mine = new CompletableFuture<Void>();
    var other = pending.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    try {
      var unused = fetches.schedule(() -> fetch(mine), waitNs, TimeUnit.NANOSECONDS);
      long longestNs = waitNs + settings.timeout().plus(PATIENCE).toNanos();
      var unusedToo = mine.orTimeout(longestNs, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      mine.complete(null);
    }
    return mine;
  }

  private boolean isTooEarly() {
    return System.nanoTime() - nextAllowedNs < 0;
  }

  private void scheduleNext(Duration delay) {
    try {
      var unused = fetches.schedule(this::tick, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // So is the gateway.
    }
  }

  private void tick() {
    var unused = refresh();
    // Behind the fetch, as both are on this thread.
    fetches.execute(() -> scheduleNext(isAway ? settings.minInterval() : settings.refresh()));
  }

  private void fetch(CompletableFuture<Void> waiting) {
    try {
      // Another fetch may have ended since this one was asked for.
      if (!isTooEarly()) {
        load();
      }
    } finally {
      nextAllowedNs = System.nanoTime() + settings.minInterval().toNanos();
      pending.set(null);
    }
    waiting.complete(null);
  }

  private void load() {
    try {
      use(document.read());
    } catch (ParseException failure) {
      warn("it is no JSON Web Key Set: " + failure.getMessage());
    } catch (IOException | RuntimeException failure) {
      warn(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void use(String text) throws ParseException {
    var before = current;
    var set = JwkSet.parse(text);
    if (before == null || !before.members().equals(set.members())) {
      current = set;
      log.info(
          "keys of tokens loaded, from={} keys={} skipped={}",
          document,
          set.keys().size(),
          set.skipped());
    } else if (isAway) {
      log.info("keys of tokens are fetched again, from={}", document);
    }
    isAway = false;
  }

  private void warn(String reason) {
    isAway = true;
    if (!warnings.permits()) {
      return;
    }
    if (current == null) {
      log.warn(
          "no keys of tokens so far, calls with tokens are UNAVAILABLE, from={} reason={} (logged"
              + " once a minute)",
          document,
          reason);
    } else {
      log.warn(
          "keys of tokens cannot be fetched, the last ones stay in use, from={} reason={} (logged"
              + " once a minute)",
          document,
          reason);
    }
  }

  @Override
  public void close() {
    fetches.shutdownNow();
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "liiklus-token-keys");
    thread.setDaemon(true);
    return thread;
  }
}
