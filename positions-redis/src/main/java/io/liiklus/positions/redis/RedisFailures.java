package io.liiklus.positions.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** What Redis and Lettuce fail with, in the words of the port. */
final class RedisFailures {

  /** The first words of errors that say: not you. */
  private static final Set<String> REFUSALS =
      Set.of("NOPERM", "NOAUTH", "WRONGPASS", "DENIED", "WRONGTYPE");

  /** The first words of errors that pass. */
  private static final Set<String> TROUBLES =
      Set.of(
          "OOM",
          "READONLY",
          "LOADING",
          "MASTERDOWN",
          "CLUSTERDOWN",
          "MISCONF",
          "NOREPLICAS",
          "NOMASTERLINK",
          "BUSY",
          "TRYAGAIN",
          "MOVED",
          "ASK");

  /** How Lettuce says that its own bound on commands is reached. */
  private static final String QUEUE_BOUND = "size exceeded";

  /** A chain of causes is looked through this far. */
  private static final int MAX_CAUSES = 10;

  private RedisFailures() {}

  /** Says what happened, for the client; the cause is kept. */
  static StorageException of(Throwable failure) {
    var cause = unwrapped(failure);
    if (cause instanceof StorageException known) {
      return known;
    }
    var said = errorOf(cause);
    if (said != null) {
      return new StorageException(kindOf(said), "Redis answers: " + said, cause);
    }
    if (isTimeout(cause)) {
      return new StorageException(Kind.UNAVAILABLE, "Redis did not answer in time", cause);
    }
    if (cause instanceof RedisException
        || cause instanceof IOException
        || cause instanceof CancellationException) {
      return String.valueOf(cause.getMessage()).contains(QUEUE_BOUND)
          ? new StorageException(Kind.EXHAUSTED, "too many commands wait for Redis", cause)
          : new StorageException(Kind.UNAVAILABLE, "no connection to Redis", cause);
    }
    return new StorageException(Kind.INTERNAL, "internal fault of the positions storage", cause);
  }

  /** As {@link #of}; but whatever stands in the way of a connection may pass. */
  static StorageException ofConnecting(Throwable failure) {
    var known = of(failure);
    return known.kind() == Kind.INTERNAL
        ? new StorageException(Kind.UNAVAILABLE, "no connection to Redis", known.getCause())
        : known;
  }

  /** Whether a command was sent, or queued, and no answer came. */
  static boolean isTimeout(Throwable failure) {
    var cause = unwrapped(failure);
    return cause instanceof RedisCommandTimeoutException || cause instanceof TimeoutException;
  }

  /** Whether Redis answers that it is no master (any more). */
  static boolean isReadOnly(Throwable failure) {
    var said = errorOf(unwrapped(failure));
    return said != null && said.startsWith("READONLY");
  }

  static boolean isWrongType(Throwable failure) {
    var said = errorOf(unwrapped(failure));
    return said != null && said.startsWith("WRONGTYPE");
  }

  /** What a chain of causes begins with. */
  static Throwable rootOf(Throwable failure) {
    var cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause.getCause() != null; i++) {
      cause = cause.getCause();
    }
    return cause;
  }

  static Throwable unwrapped(Throwable failure) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** What Redis itself said, where it is the reason; else null. */
  private static String errorOf(Throwable failure) {
    var cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (cause instanceof RedisCommandExecutionException && cause.getMessage() != null) {
        return cause.getMessage();
      }
      cause = cause.getCause();
    }
    return null;
  }

  private static Kind kindOf(String said) {
    int space = said.indexOf(' ');
    var word = space < 0 ? said : said.substring(0, space);
    if (REFUSALS.contains(word)
        || said.startsWith("ERR invalid password")
        || said.startsWith("ERR AUTH")
        || said.startsWith("ERR Client sent AUTH")) {
      return Kind.REFUSED;
    }
    return TROUBLES.contains(word) || said.startsWith("ERR max number of clients")
        ? Kind.UNAVAILABLE
        : Kind.INTERNAL;
  }
}
