package io.liiklus.aws.dynamodb;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials that were found last, for a client that must not block while the SDK looks for them.
 * They are looked for again every {@link #DUE}, which costs nothing as long as the SDK's own cache
 * has them. Thread-safe; {@link #renew} is confined to one thread.
 */
final class CachedCredentials implements AwsCredentialsProvider, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CachedCredentials.class);

  /** Age at which they are looked for again, though they are valid. */
  static final Duration DUE = Duration.ofSeconds(15);

  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private final AwsCredentialsProvider chain;
  private final Clock clock;
  private final LongSupplier clockNs;

  // Any thread. Null: none were found so far, or those that were have expired.
  private volatile AwsCredentials found;
  private volatile long dueNs;

  // Renewing thread only.
  private boolean isLogged;
  private long loggedNs;

  /**
   * @param chain may block
   * @param clock by which credentials expire
   * @param clockNs as {@link System#nanoTime}
   */
  CachedCredentials(AwsCredentialsProvider chain, Clock clock, LongSupplier clockNs) {
    this.chain = chain;
    this.clock = clock;
    this.clockNs = clockNs;
  }

  /** Whether there are some, and they have not expired. */
  boolean areValid() {
    var last = found;
    return last != null
        && last.expirationTime().map(at -> clock.instant().isBefore(at)).orElse(true);
  }

  /** Whether it is time to look again. */
  boolean areDue() {
    return clockNs.getAsLong() - dueNs >= 0;
  }

  /**
   * Looks for them; blocks for as long as the SDK does.
   *
   * @throws RuntimeException of the SDK, where none are found and there are no valid ones of before
   */
  void renew() {
    try {
      found = chain.resolveCredentials();
    } catch (RuntimeException failure) {
      if (!areValid()) {
        throw CredentialsFailures.of(failure);
      }
      warn(failure);
    } finally {
      dueNs = clockNs.getAsLong() + DUE.toNanos();
    }
  }

  private void warn(RuntimeException failure) {
    long nowNs = clockNs.getAsLong();
    if (!isLogged || nowNs - loggedNs >= LOG_NS) {
      isLogged = true;
      loggedNs = nowNs;
      log.warn(
          "credentials of AWS not renewed, those that are there serve on, reason={} (logged once a"
              + " minute)",
          failure.getMessage());
    }
  }

  /** They do not count any more. */
  void expire() {
    found = null;
  }

  /** For the SDK, which is given valid ones. */
  @Override
  public AwsCredentials resolveCredentials() {
    var last = found;
    if (last == null) {
      throw CredentialsFailures.expired();
    }
    return last;
  }

  @Override
  public void close() {
    if (chain instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }
}
