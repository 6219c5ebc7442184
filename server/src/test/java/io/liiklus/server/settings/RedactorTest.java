package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grpc.auth.secret",
        "grpc.auth.keys.user",
        "grpc.tls.keyPassword",
        "redis.password",
        "kafka.properties.sasl.jaas.config",
        "kafka.properties.ssl.keystore.password",
        "kafka.properties.ssl.keystore.key",
        "kafka.properties.sasl.oauthbearer.client.credentials.client.secret",
        "dynamo.accessKey",
        "x.API_KEY"
      })
  void secrets_areMaskedByName(String key) {
    assertThat(Redactor.show(key, "hunter2")).isEqualTo("****");
  }

  @Test
  void inlineKey_isMaskedWhateverItsName() {
    assertThat(Redactor.show("a.b", "-----BEGIN PRIVATE KEY-----\nabc")).isEqualTo("****");
  }

  @ParameterizedTest
  @CsvSource({
    "redis://user:hunter2@host:6379/0, redis://****@host:6379/0",
    "rediss://:p@ss/w@host, rediss://****@host",
    "redis-sentinel://hunter2@h1:1?x=y, redis-sentinel://****@h1:1?x=y",
    "http://h/p?a=b&Password=hunter2&c=d, http://h/p?a=b&Password=****&c=d",
    "host:9092, host:9092",
    "/etc/key.pem, /etc/key.pem"
  })
  void uri_keepsAllButItsSecrets(String text, String shown) {
    assertThat(Redactor.show("redis.uri", text)).isEqualTo(shown);
  }

  @Test
  void valueOfSeveralLines_isShownInOne() {
    assertThat(Redactor.show("a.b", "c,\n  d\r\ne")).isEqualTo("c, d e");
  }

  @Test
  void effectiveSettings_haveNoSecret() {
    var start =
        new Start(home)
            .file(
                "kafka.properties.sasl { jaas.config = hunter2 }, redis.host = h, storage.positions.type = REDIS")
            .variable("redis_uri", "redis://:hunter2@h")
            .variable("grpc_auth_secret", "hunter2")
            .arguments("--grpc.auth.keys.a=hunter2");
    assertThat(start.load().changed()).hasSize(7).noneMatch(line -> line.contains("hunter2"));
  }

  @Test
  void refusals_haveNoSecret() {
    var start =
        new Start(home)
            .file("kafka.bootstrapServers = \"b:1\"")
            .arguments("--redis.port=redis://a:hunter2@h", "--redis.host=h");
    assertThat(start.refusals())
        .containsExactly(
            "redis.port: redis://****@h is not allowed; a whole number from 1 to 65535 (from the"
                + " command line)");
  }
}
