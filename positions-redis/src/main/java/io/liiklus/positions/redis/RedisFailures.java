package io.liiklus.positions.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Failures of Redis and Lettuce as those of the port. Immutable. */
final class RedisFailures {

  /** The first words of refusals. */
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

  /** Before Redis 7, the error of a command within a script; its own words are the last group. */
  private static final Pattern IN_SCRIPT =
      Pattern.compile(
          "ERR Error running script .*?@user_script: ?\\d+: (?:@user_script: ?\\d+: )?-?(.*)",
          Pattern.DOTALL);

  /** Redis' texts for a command within a script that the user may not run, old and new. */
  private static final Pattern REFUSED_IN_SCRIPT =
      Pattern.compile("(ERR )?(The user executing the script can't|ACL failure in script)");

  /** Lettuce's text for its own bound on commands. */
  private static final String QUEUE_BOUND = "size exceeded";

  /** Lettuce's text for a failed connection to a Sentinel. */
  private static final String TO_SENTINEL = "Redis Sentinel";

  private static final String SENTINEL_REFUSES =
      "a Sentinel refuses the login of redis.sentinel.password, or of redis.uri: ";

  /** A chain of causes is looked through this far. */
  private static final int MAX_CAUSES = 10;

  private RedisFailures() {}

  /** Describes the failure for the client; the cause is kept. */
  static StorageException of(Throwable failure) {
    var cause = unwrapped(failure);
    if (cause instanceof StorageException known) {
      return known;
    }
    var said = errorOf(cause);
    if (said != null) {
      var kind = kindOf(said);
      boolean isLogin = kind == Kind.REFUSED && isOfSentinel(cause);
      var text = isLogin ? SENTINEL_REFUSES : "Redis answers: ";
      return new StorageException(kind, text + said, cause);
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

  /** Whether a command was sent, or queued, and no answer came. */
  static boolean isTimeout(Throwable failure) {
    var cause = unwrapped(failure);
    return cause instanceof RedisCommandTimeoutException || cause instanceof TimeoutException;
  }

  /** Whether a server does not know its user, or gives it next to no rights. */
  static boolean isLoginMissing(Throwable failure) {
    var said = errorOf(unwrapped(failure));
    return said != null && (said.startsWith("NOAUTH") || said.startsWith("NOPERM"));
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

  /** The first cause of a chain. */
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

  /** Error text of Redis, where it is the reason; else null. */
  static String errorOf(Throwable failure) {
    return withReasons(failure).stream()
        .filter(RedisCommandExecutionException.class::isInstance)
        .map(Throwable::getMessage)
        .filter(Objects::nonNull)
        .findFirst()
        .map(RedisFailures::ofCommand)
        .orElse(null);
  }

  private static String ofCommand(String said) {
    var inScript = IN_SCRIPT.matcher(said);
    return inScript.matches() ? inScript.group(1).strip() : said;
  }

  /**
   * The failure, its causes, and then what they suppress: of several Sentinels, the last that was
   * asked is the cause, and the others are suppressed.
   */
  static List<Throwable> withReasons(Throwable failure) {
    var all = chain(failure);
    for (var cause : List.copyOf(all)) {
      Arrays.stream(cause.getSuppressed())
          .limit(MAX_CAUSES)
          .forEach(suppressed -> all.addAll(chain(suppressed)));
    }
    return all;
  }

  private static List<Throwable> chain(Throwable failure) {
    var causes = new ArrayList<Throwable>();
    for (var cause = failure; cause != null && causes.size() < MAX_CAUSES; ) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }

  private static boolean isOfSentinel(Throwable failure) {
    return withReasons(failure).stream()
        .anyMatch(reason -> String.valueOf(reason.getMessage()).contains(TO_SENTINEL));
  }

  private static Kind kindOf(String said) {
    int space = said.indexOf(' ');
    var word = space < 0 ? said : said.substring(0, space);
    if (REFUSALS.contains(word)
        || REFUSED_IN_SCRIPT.matcher(said).lookingAt()
        || said.startsWith("ERR invalid password")
        || said.startsWith("ERR AUTH")
        || said.startsWith("ERR Client sent AUTH")) {
      return Kind.REFUSED;
    }
    return TROUBLES.contains(word) || said.startsWith("ERR max number of clients")
        ? Kind.UNAVAILABLE
        // An answer of Redis, or of a proxy before it, is a word on its set-up, not on the gateway.
        : Kind.PRECONDITION;
  }
}
