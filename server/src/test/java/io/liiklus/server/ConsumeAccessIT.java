package io.liiklus.server;

import static io.liiklus.server.gateway.HandmadeToken.hmac512;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.RetryPolicy;
import io.grpc.Status;
import io.liiklus.server.gateway.BearerClient;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.ConsumeStream.Delivered;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HandmadeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may consume, and how often at once. */
class ConsumeAccessIT {

  private static final String SECRET = "secret";
  private static final String RULES =
      """
      authorization {
        enabled = true
        rules = [
          { principals = [whole, slow], topics = ["*"], groups = ["*"], allow = [PUBLISH, CONSUME, ACK] }
          { principals = [reader], topics = ["*"], groups = ["*"], allow = [CONSUME] }
          { principals = [worker], topics = [orders], groups = [g], allow = [CONSUME, ACK] }
        ]
      }
      quotas.rules = [
        { principals = [worker], sessions = 1 }
        { principals = [slow], receiveBytesPerSecond = 100 KiB }
      ]
      """;

  @TempDir private static Path folder;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws IOException {
    var file = Files.writeString(folder.resolve("liiklus.conf"), RULES).toString();
    gateway =
        Gateway.start("--config", file, "--grpc.auth.alg=HMAC512", "--grpc.auth.secret=" + SECRET);
    try (var maker = client("whole")) {
      maker.publish("orders", "k", "v");
    }
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static GatewayClient client(String principal) {
    var token = HandmadeToken.of("HS512", null, principal);
    return BearerClient.open(gateway.port(), token.signed(hmac512(SECRET)));
  }

  private static ConsumeStart start(String topic, String group, String deadLetterTopic) {
    return ConsumeStart.newBuilder()
        .setTopic(topic)
        .setGroup(group)
        .setRetry(RetryPolicy.newBuilder().setDeadLetterTopic(deadLetterTopic))
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "reader, orders, g, '',   principal reader may not ACK topic orders as group g",
    "worker, other,  g, '',   principal worker may not CONSUME topic other as group g",
    "worker, orders, h, '',   principal worker may not CONSUME topic orders as group h",
    "worker, orders, g, dead, principal worker may not PUBLISH topic dead",
  })
  void callerWithoutARight_isDenied(
      String principal, String topic, String group, String deadLetterTopic, String text) {
    try (var client = client(principal);
        var stream = ConsumeStream.open(client.channel(), start(topic, group, deadLetterTopic))) {
      assertThat(stream.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(stream.status().getDescription()).isEqualTo(text);
    }
  }

  @Test
  void callerWithItsRights_isOneSessionOfItsQuota() {
    try (var client = client("worker")) {
      try (var stream = ConsumeStream.open(client.channel(), start("orders", "g", ""))) {
        stream.next(ConsumeReply::hasAssigned);
        try (var second = ConsumeStream.open(client.channel(), start("orders", "g", ""))) {
          assertThat(second.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        }
        stream.halfClose();
        assertThat(stream.status().getCode()).isEqualTo(Status.Code.OK);
      }
      try (var stream = ConsumeStream.open(client.channel(), start("orders", "g", ""))) {
        stream.next(ConsumeReply::hasAssigned);
      }
    }
  }

  @Test
  void consumerAboveItsRate_isHeldBack_alsoFromWhatComesAgain() {
    try (var maker = client("whole");
        var slow = client("slow")) {
      for (int i = 0; i < 20; i++) {
        maker.publish("large", "k", "v".repeat(10 * 1024));
      }
      long startNs = System.nanoTime();
      var start = start("large", "g", "").toBuilder().setMaxBatchRecords(1).build();
      try (var stream = ConsumeStream.open(slow.channel(), start)) {
        int partition = stream.take(20).get(0).partition();
        // 200 KiB, and one second's are there at first.
        assertThat(elapsedSeconds(startNs)).isGreaterThan(0.8);
        stream.retry(partition, 0, LongStream.range(0, 20).boxed().toArray(Long[]::new));
        assertThat(stream.take(20)).extracting(Delivered::attempt).containsOnly(2);
        assertThat(elapsedSeconds(startNs)).isGreaterThan(2.5);
      }
      assertThat(gateway.metrics())
          .containsPattern("liiklus_quota_waits_total\\{principal=\"slow\"} [1-9]");
    }
  }

  private static double elapsedSeconds(long startNs) {
    return (System.nanoTime() - startNs) / 1e9;
  }
}
