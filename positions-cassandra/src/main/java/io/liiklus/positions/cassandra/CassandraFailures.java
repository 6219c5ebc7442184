package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.QueryExecutionException;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.Causes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;

/** Failures of Cassandra and its driver as those of the port. Immutable. */
final class CassandraFailures {

  private static final String NO_CONNECTION = "no connection to Cassandra";

  private CassandraFailures() {}

  /** Describes the failure for the client; the cause is kept. */
  static StorageException of(Throwable failure) {
    var cause = unwrapped(failure);
    if (cause instanceof StorageException known) {
      return known;
    }
    if (cause instanceof AllNodesFailedException all) {
      return ofAllNodes(all);
    }
    if (isRefusal(cause)) {
      return new StorageException(Kind.REFUSED, "Cassandra refuses it: " + line(cause), cause);
    }
    if (cause instanceof AuthenticationException) {
      return refusedLogin(cause);
    }
    if (cause instanceof DriverTimeoutException) {
      return new StorageException(
          Kind.UNAVAILABLE, "Cassandra did not answer within cassandra.callTimeout", cause);
    }
    if (cause instanceof UnavailableException few) {
      var text =
          "too few replicas of Cassandra are there: %s needs %d, alive are %d"
              .formatted(few.getConsistencyLevel(), few.getRequired(), few.getAlive());
      return new StorageException(Kind.UNAVAILABLE, text, cause);
    }
    if (cause instanceof BusyConnectionException) {
      return new StorageException(Kind.EXHAUSTED, "too many requests wait for Cassandra", cause);
    }
    if (cause instanceof QueryExecutionException) {
      // Replicas that do not answer in time, or not for now; a node that starts or is at its limit.
      return new StorageException(Kind.UNAVAILABLE, "Cassandra answers: " + line(cause), cause);
    }
    if (cause instanceof DriverException || cause instanceof IOException) {
      return new StorageException(Kind.UNAVAILABLE, NO_CONNECTION, cause);
    }
    return new StorageException(Kind.INTERNAL, "internal fault of the positions storage", cause);
  }

  private static StorageException ofAllNodes(AllNodesFailedException all) {
    var reasons = all.getAllErrors().values().stream().flatMap(List::stream).toList();
    for (var reason : reasons) {
      var login = find(reason, AuthenticationException.class);
      if (login.isPresent()) {
        return refusedLogin(login.get());
      }
    }
    for (var reason : reasons) {
      if (reason instanceof QueryExecutionException || reason instanceof BusyConnectionException) {
        return of(reason);
      }
    }
    var text =
        reasons.isEmpty() ? "no node can be reached" : reason(reasons.get(reasons.size() - 1));
    return new StorageException(Kind.UNAVAILABLE, NO_CONNECTION + ": " + text, all);
  }

  private static StorageException refusedLogin(Throwable cause) {
    return new StorageException(
        Kind.REFUSED, "Cassandra refuses the login of cassandra.user: " + line(cause), cause);
  }

  /** Whether a right is missing, or the statement does not fit the tables. */
  private static boolean isRefusal(Throwable cause) {
    return cause instanceof UnauthorizedException
        || cause instanceof InvalidQueryException
        || cause instanceof SyntaxError;
  }

  /** The one reason of a failed connection, in words for people. */
  private static String reason(Throwable failure) {
    for (var cause : Causes.of(failure)) {
      if (cause instanceof UnknownHostException) {
        return "its host cannot be found: " + line(cause);
      }
      if (cause instanceof SSLException) {
        var causes = Causes.of(cause);
        return "TLS failed: " + line(causes.get(causes.size() - 1));
      }
      if (cause instanceof ConnectException) {
        return line(cause);
      }
    }
    var causes = Causes.of(failure);
    return line(causes.get(causes.size() - 1));
  }

  private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
    return Causes.of(failure).stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private static Throwable unwrapped(Throwable failure) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String line(Throwable cause) {
    var text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return text.lines().findFirst().orElse("").strip();
  }
}
