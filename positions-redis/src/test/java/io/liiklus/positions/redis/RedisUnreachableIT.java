package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.LoggedLines;
import io.liiklus.api.OpenPositions;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.RedisTlsServer;
import io.liiklus.testing.SharedKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a Redis that cannot be connected to: the one reason that a person needs. */
class RedisUnreachableIT {

  private static RedisTlsServer redis;
  private static KafkaCluster kafka;

  @BeforeAll
  static void starts() {
    redis = RedisTlsServer.start();
    kafka = SharedKafka.cluster();
    try (var admin = new Original(redis.plain().uri())) {
      admin.redis().configSet("requirepass", "right");
    }
  }

  @AfterAll
  static void ends() {
    redis.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://:wrong@PLAIN|WRONGPASS",
        "redis://nobody:right@PLAIN|WRONGPASS",
        "redis://PLAIN|it asks for a password: redis.uri = redis://user:password@host",
        "rediss://:right@PLAIN|no connection to Redis: it does not answer in time (does a Redis",
        "redis://:right@TLS|no connection to Redis: it closed the connection (does a Redis",
        "rediss://:right@TLS|no connection to Redis: TLS failed: unable to find valid certification",
        "redis://:right@host.invalid:1|no connection to Redis: its host cannot be found: ",
        "redis://:right@127.0.0.1:1|Connection refused",
        "redis://:right@KAFKA|no connection to Redis: it closed the connection (does a Redis",
        "rediss://:right@KAFKA|(does a Redis listen there, and for TLS? redis:// is without)",
        "redis://:right@PLAIN/99|ERR DB index is out of range (the number behind the /",
        "redis-socket:///no/such.sock|no connection to Redis: there is no such socket",
        "redis-sentinel://PLAIN#main|redis.sentinel.password",
        "redis-sentinel://:right@PLAIN#main|Redis answers: ERR unknown command",
        "redis-sentinel://127.0.0.1:1#main|Connection refused",
        "redis-cluster://:right@PLAIN|redis-cluster:// is for a Redis Cluster",
        "redis-cluster://:wrong@PLAIN|WRONGPASS",
        "rediss-cluster://:right@PLAIN|no connection to Redis: it does not answer in time (does a",
        "redis-cluster://:right@127.0.0.1:1|Connection refused",
        "redis-cluster://:right@KAFKA|no connection to Redis: it closed the connection (does a Redis"
      })
  void reason_isInTheLogAndInTheCheck(String form, String reason) {
    var uri =
        form.replace("PLAIN", "127.0.0.1:" + redis.plain().port())
            .replace("TLS", "127.0.0.1:" + redis.port())
            .replace("KAFKA", kafka.bootstrapServers());
    try (var lines = LoggedLines.of(RedisConnector.class);
        var storage =
            OpenPositions.open(
                new RedisPositionsStorageFactory(),
                TestSettings.at(uri.strip()).with("connectTimeout", "1s"))) {
      // A connection that is refused and closed may be seen to close first, and is tried again.
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () -> assertThat(lines.warnings()).anyMatch(line -> line.contains(reason)));

      assertThat(lines.warnings())
          .allSatisfy(
              line -> assertThat(line).hasLineCount(1).doesNotContain(":right@", ":wrong@"));
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(OpenPositions.failure(storage.storage().check()))
                      .hasMessageContaining(reason));
    }
  }
}
