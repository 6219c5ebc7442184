package io.liiklus.positions.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * The one reason, of many causes, for which a connection to Redis failed, in words for people.
 * Every reason may pass, but for a refused login. Immutable.
 */
final class ConnectFailures {

  private static final String NO_CONNECTION = "no connection to Redis: ";

  /** Hints by the first words of Redis' error. */
  private static final Map<String, String> ADVICE =
      Map.of(
          "NOAUTH", "it asks for a password: redis.uri = redis://user:password@host",
          "ERR DB index", "the number behind the / of redis.uri is a database that Redis has not",
          "ERR This instance has cluster support disabled",
              "redis-cluster:// is for a Redis Cluster; redis:// or rediss:// for this one");

  private ConnectFailures() {}

  /**
   * @param isTls whether TLS was spoken
   */
  static StorageException of(Throwable failure, boolean isTls) {
    var known = RedisFailures.of(failure);
    var said = RedisFailures.errorOf(failure);
    if (said != null) {
      var kind = known.kind() == Kind.PRECONDITION ? Kind.UNAVAILABLE : known.kind();
      return new StorageException(kind, known.getMessage() + advice(said), known.getCause());
    }
    if (known.kind() == Kind.UNAVAILABLE || known.kind() == Kind.INTERNAL) {
      var reason = reason(RedisFailures.withReasons(failure), isTls);
      return new StorageException(Kind.UNAVAILABLE, NO_CONNECTION + reason, failure);
    }
    return known;
  }

  private static String advice(String said) {
    return ADVICE.entrySet().stream()
        .filter(each -> said.startsWith(each.getKey()))
        .map(each -> " (" + each.getValue() + ")")
        .collect(Collectors.joining());
  }

  private static String reason(List<Throwable> causes, boolean isTls) {
    for (var cause : causes) {
      if (cause instanceof UnknownHostException) {
        return "its host cannot be found: " + firstLine(cause);
      }
      if (cause instanceof FileNotFoundException) {
        return "there is no such socket";
      }
      if (cause instanceof SSLException) {
        return "TLS failed: " + firstLine(RedisFailures.rootOf(cause)) + hint(isTls);
      }
      if (cause instanceof ConnectException) {
        return firstLine(cause);
      }
    }
    for (var cause : causes) {
      if (cause instanceof RedisCommandTimeoutException || cause instanceof TimeoutException) {
        return "it does not answer in time" + hint(isTls);
      }
      if (firstLine(cause).contains("Timeout after")) {
        // As Lettuce says it of a cluster, be it that a name server does not answer.
        return "it does not answer in time, or its host is not found in time";
      }
      if (cause instanceof IOException || firstLine(cause).contains("closed")) {
        return "it closed the connection" + hint(isTls);
      }
    }
    return firstLine(causes.get(causes.size() - 1));
  }

  private static String hint(boolean isTls) {
    return isTls
        ? " (does a Redis listen there, and for TLS? redis:// is without)"
        : " (does a Redis listen there, and without TLS? rediss:// is with)";
  }

  private static String firstLine(Throwable cause) {
    var text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return text.lines().findFirst().orElse("").strip();
  }
}
