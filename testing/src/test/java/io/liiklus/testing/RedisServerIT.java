package io.liiklus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class RedisServerIT {

  @Test
  void killedServer_returnsWithItsData() throws Exception {
    try (var redis = RedisServer.start()) {
      ask(redis, "SET", "key", "value");

      redis.kill();
      redis.restart();

      assertThat(ask(redis, "GET", "key")).isEqualTo("value");
    }
  }

  @Test
  void stoppedServer_refusesConnectionsAndReturnsWithItsData() throws Exception {
    try (var redis = RedisServer.start()) {
      ask(redis, "SET", "key", "value");

      redis.stop();
      assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(IOException.class);
      redis.restart();

      assertThat(ask(redis, "GET", "key")).isEqualTo("value");
    }
  }

  @Test
  void pausedServer_hangsUntilResumed() throws Exception {
    try (var redis = RedisServer.start()) {
      redis.pause();
      assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(SocketTimeoutException.class);
      redis.resume();

      assertThat(ask(redis, "PING")).isEqualTo("PONG");
    }
  }

  private static String ask(RedisServer redis, String... words) throws IOException {
    var address = new InetSocketAddress(redis.host(), redis.port());
    try (var connection = new RedisConnection(address)) {
      return connection.ask(words);
    }
  }
}
