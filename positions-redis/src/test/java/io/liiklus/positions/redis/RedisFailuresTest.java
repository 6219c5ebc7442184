package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "NOPERM this user has no permissions, REFUSED",
    "NOAUTH Authentication required., REFUSED",
    "WRONGPASS invalid username-password pair, REFUSED",
    "ERR invalid password, REFUSED",
    "WRONGTYPE Operation against a key, REFUSED",
    "ERR The user executing the script can't run this command or subcommand script: 5f, REFUSED",
    "ERR ACL failure in script: User reader has no permissions to run the hset command, REFUSED",
    "OOM command not allowed, UNAVAILABLE",
    "READONLY You can't write, UNAVAILABLE",
    "LOADING Redis is loading, UNAVAILABLE",
    "MASTERDOWN Link with MASTER is down, UNAVAILABLE",
    "CLUSTERDOWN The cluster is down, UNAVAILABLE",
    "MISCONF Redis is configured to save, UNAVAILABLE",
    "ERR unknown command, PRECONDITION"
  })
  void firstWordOfAnError_decidesTheKind(String said, Kind kind) {
    var failure =
        RedisFailures.of(new CompletionException(new RedisCommandExecutionException(said)));
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessage("Redis answers: " + said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "READONLY You can't write against a read only replica. script: 5f, on @user_script:2.",
        "ERR Error running script (call to f_5f): @user_script:2: @user_script: 2: -READONLY You"
            + " can't write against a read only replica.",
        "ERR Error running script (call to f_5f): @user_script:2: READONLY You can't write"
      })
  void errorWithinAScript_isThatOfItsCommand(String said) {
    var failure = new CompletionException(new RedisCommandExecutionException(said));
    assertThat(RedisFailures.isReadOnly(failure)).isTrue();
    assertThat(RedisFailures.of(failure))
        .hasMessageStartingWith("Redis answers: READONLY You can't write")
        .extracting("kind")
        .isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void wrongPassword_isFoundBehindTheFailedConnection() {
    var failure =
        new RedisConnectionException(
            "unable to connect", new RedisCommandExecutionException("WRONGPASS invalid"));
    assertThat(ConnectFailures.of(failure, false).kind()).isEqualTo(Kind.REFUSED);
  }

  @Test
  void refusalOfOneSentinel_isFoundBesideAnotherThatIsAway() {
    var refused =
        new RedisConnectionException(
            "Cannot connect Redis Sentinel at redis://h1",
            new RedisCommandExecutionException("NOAUTH HELLO must be called"));
    var away =
        new RedisConnectionException("Cannot connect to a Redis Sentinel", new IOException());
    away.addSuppressed(refused);

    assertThat(RedisFailures.isLoginMissing(away)).isTrue();
    var told = ConnectFailures.of(new CompletionException(away), false);
    assertThat(told.kind()).isEqualTo(Kind.REFUSED);
    assertThat(told).hasMessageContaining("redis.sentinel.password");
  }

  @Test
  void unexplainedConnectionFailure_mayPass() {
    assertThat(ConnectFailures.of(new IllegalStateException("?"), false).kind())
        .isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void timeoutAndNoConnection_areUnavailable() {
    assertThat(RedisFailures.of(new RedisCommandTimeoutException("late")).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(RedisFailures.of(new IOException("Connection reset by peer")).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(RedisFailures.of(new RedisException("Connection disconnected")).kind())
        .isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void boundOfLettuce_isExhausted() {
    assertThat(RedisFailures.of(new RedisException("Request queue size exceeded: 5.")).kind())
        .isEqualTo(Kind.EXHAUSTED);
  }

  @Test
  void failureOfThePort_staysAsItIs() {
    var known = new StorageException(Kind.CLOSED, "closed");
    assertThat(RedisFailures.of(new CompletionException(known))).isSameAs(known);
  }
}
