package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisTargetTest {

  private static RedisTarget read(String uri) {
    return RedisTarget.ofUri(uri, SentinelAccess.OF_URI);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://host|host:6379|false|false",
        "redis://user:secret@host:7000/2|host:7000|false|false",
        "rediss://:secret@host:7000?verifyPeer=NONE|host:7000|true|false",
        "redis-sentinel://:secret@h1,h2:7000/1#main|h1:26379,h2:7000#main|false|false",
        "redis://[::1]:7000|[::1]:7000|false|false",
        "redis-socket:///run/redis.sock|/run/redis.sock|false|false",
        "redis-cluster://h1:7000|h1:7000|false|true",
        "redis-cluster://h1:7000,h2,h3:7002|h1:7000,h2:6379,h3:7002|false|true",
        "rediss-cluster://user:secret@h1:7000,h2:7001?verifyPeer=CA|h1:7000,h2:7001|true|true"
      })
  void everyForm_isRead(String uri, String places, boolean tls, boolean cluster) {
    var target = read(uri);
    assertThat(target).hasToString(places);
    assertThat(target.cluster()).isEqualTo(cluster);
    assertThat(target.uris()).extracting(RedisURI::isSsl).containsOnly(tls);
  }

  @Test
  void everyNodeOfACluster_getsThePassword() {
    var target = read("redis-cluster://user:se%3Acret@h1:7000,h2:7001");
    for (var uri : target.uris()) {
      var credentials = uri.getCredentialsProvider().resolveCredentials().block();
      assertThat(credentials.getUsername()).isEqualTo("user");
      assertThat(new String(credentials.getPassword())).isEqualTo("se:cret");
    }
  }

  @Test
  void hostAndPort_areEnough() {
    assertThat(RedisTarget.ofHost("h1", 7000)).hasToString("h1:7000");
    assertThat(RedisTarget.ofHost("h1", 7000).uris())
        .isEqualTo(List.of(RedisURI.create("h1", 7000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "secret:6379",
        "http://secret@host",
        "redis://",
        "redis:///",
        "redis://:secret@:7000",
        "redis://:secret@host:port",
        "redis://:secret@host:99999",
        "redis://:secret@host/x",
        "redis://:sec ret@host",
        "redis://:secret@h1,h2",
        "redis-sentinel://:secret@h1,h2",
        "redis-cluster://",
        "redis-cluster://:secret@h1:7000/1",
        "redis-cluster://:secret@h1:7000,h2:x"
      })
  void otherText_isRefusedWithoutQuotingIt(String uri) {
    assertThatThrownBy(() -> read(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .isNotEmpty()
        .doesNotContain("secret", "sec ret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis-sentinel://h1",
        "redis-sentinel://:secret@h1:26379,h2/0",
        "rediss-sentinel://h1#",
        "redis-sentinel://h1:port#main"
      })
  void uriOfSentinelsWithoutTheirMaster_isRefusedWithTheForm(String uri) {
    assertThatThrownBy(() -> read(uri))
        .hasMessageEndingWith("redis-sentinel://user:password@host1:26379,host2:26379/0#mymaster");
  }

  @Test
  void uri_isNoHost() {
    assertThatThrownBy(() -> RedisTarget.ofHost("redis://host", 6379))
        .hasMessageContaining("redis.uri");
  }
}
