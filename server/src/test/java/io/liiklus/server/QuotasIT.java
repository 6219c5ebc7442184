package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static io.liiklus.server.gateway.HandmadeToken.hmac512;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceFutureStub;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.liiklus.server.gateway.BatchStream;
import io.liiklus.server.gateway.BearerClient;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HandmadeToken;
import io.liiklus.server.gateway.HttpOneSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Principals at their quotas, over real channels. */
class QuotasIT {

  private static final Duration AWAIT = Duration.ofSeconds(60);
  private static final String SECRET = "secret";
  private static final int KIB = 1024;
  private static final String RULES =
      """
      quotas.rules = [
        { principals = [slow-writer], publishBytesPerSecond = 100 KiB }
        { principals = [slow-reader], receiveBytesPerSecond = 100 KiB }
        { principals = [two], connections = 2 }
        { principals = ["one-*"], sessions = 1 }
        { principals = [spender, sharer], publishBytesPerSecond = 50 KiB }
        { principals = [hasty], connections = 3, sessions = 3 }
      ]
      """;

  @TempDir private static Path folder;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws IOException {
    var file = Files.writeString(folder.resolve("liiklus.conf"), RULES).toString();
    gateway =
        Gateway.start(
            "--config",
            file,
            "--grpc.auth.alg=HMAC512",
            "--grpc.auth.secret=" + SECRET,
            "--memory.partitions=1");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static GatewayClient client(String principal) {
    return BearerClient.open(gateway.port(), token(principal));
  }

  private static String token(String principal) {
    return HandmadeToken.of("HS512", null, principal).signed(hmac512(SECRET));
  }

  private static ListenableFuture<PublishReply> begin(GatewayClient client, String topic) {
    return LiiklusServiceGrpc.newFutureStub(client.channel())
        .withDeadlineAfter(AWAIT.toSeconds(), TimeUnit.SECONDS)
        .publish(request(topic, 10 * KIB));
  }

  private static PublishRequest request(String topic, int bytes) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes("k"))
        .setValue(ByteString.copyFrom(new byte[bytes]))
        .build();
  }

  private static double elapsedSeconds(long startNs) {
    return (System.nanoTime() - startNs) / 1e9;
  }

  @Test
  void streamAboveItsRate_waits_andIsNotRefused() {
    try (var slow = client("slow-writer");
        var stream = BatchStream.open(slow.channel())) {
      for (int i = 0; i < 30; i++) {
        stream.send(request("t", 10 * KIB));
      }

      for (int i = 0; i < 30; i++) {
        assertThat(stream.next().get(0).hasReply()).isTrue();
      }
    }
  }

  @Test
  void publisherAboveItsRate_waits_andIsNotRefused() throws Exception {
    try (var slow = client("slow-writer");
        var again = client("slow-writer");
        var other = client("other")) {
      long startNs = System.nanoTime();
      var slowOnes = new ArrayList<ListenableFuture<PublishReply>>();
      // 400 KiB: one second's are there at first.
      for (int i = 0; i < 20; i++) {
        slowOnes.add(begin(slow, "t"));
        slowOnes.add(begin(again, "t"));
      }
      begin(other, "t").get();
      assertThat(slowOnes).anyMatch(publish -> !publish.isDone());
      for (var publish : slowOnes) {
        publish.get();
      }

      // The last one goes while its predecessors' debt is not above 0.
      assertThat(elapsedSeconds(startNs)).isGreaterThan(2.5);
      assertThat(metrics())
          .contains(
              "liiklus_quota_published_bytes_total{principal=\"slow-writer\"} "
                  + 40.0 * (10 * KIB + 1))
          .containsPattern("liiklus_quota_waits_total\\{principal=\"slow-writer\"} [1-9]")
          .doesNotContain("principal=\"one-");
    }
  }

  @Test
  void publisherThatConnectsAnew_waitsForWhatItHasPublishedBefore() {
    try (var first = client("spender")) {
      var unused = first.stub().publish(request("t", 400 * KIB));
    }
    long startNs = System.nanoTime();
    for (int i = 0; i < 2; i++) {
      try (var again = client("spender")) {
        var status =
            GatewayClient.statusOf(
                () -> again.stubTelling(Duration.ofMillis(300)).publish(request("t", KIB)));
        assertThat(status.getCode()).isEqualTo(Code.UNAVAILABLE);
        assertThat(status.getDescription()).startsWith("no turn in time, as the caller publishes");
      }
    }
    try (var last = client("spender")) {
      var unused = last.stub().publish(request("t", KIB));
    }
    assertThat(elapsedSeconds(startNs)).isGreaterThan(4);
  }

  /** A proxy's connection, on which several principals publish. */
  @Test
  void callOfAnother_waitsBehindOneAboveItsRate_onlyAsLongAsThatWaits() throws Exception {
    try (var shared = new GatewayClient(gateway.port())) {
      // It may go on in 15 s.
      publishing(shared, "sharer").publish(request("t", 800 * KIB)).get();
      long startNs = System.nanoTime();
      var held =
          publishing(shared, "sharer")
              .withDeadlineAfter(1, TimeUnit.SECONDS)
              .publish(request("t", KIB));
      var behind = publishing(shared, "other").publish(request("t", KIB));

      behind.get();

      assertThat(elapsedSeconds(startNs)).isLessThan(10);
      // The gateway's clock of the deadline and the client's end it within the same moment.
      assertThatThrownBy(() -> held.get())
          .hasCauseInstanceOf(StatusRuntimeException.class)
          .extracting(failure -> Status.fromThrowable(failure).getCode())
          .isIn(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED);
    }
  }

  private static LiiklusServiceFutureStub publishing(GatewayClient client, String principal) {
    return LiiklusServiceGrpc.newFutureStub(client.channel())
        .withInterceptors(BearerClient.headers(() -> List.of("Bearer " + token(principal))))
        .withDeadlineAfter(AWAIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void clientThatComesAndGoes_leavesNothingBehind() {
    for (int i = 0; i < 20; i++) {
      try (var hasty = client("hasty")) {
        var unusedSession = hasty.subscribe("s", "hasty", 0);
        var unusedStatus = ask(hasty);
      }
    }
    await()
        .atMost(AWAIT)
        .untilAsserted(
            () ->
                assertThat(metrics())
                    .contains(
                        "liiklus_quota_connections{principal=\"hasty\"} 0.0",
                        "liiklus_quota_sessions{principal=\"hasty\"} 0.0"));
  }

  @Test
  void readerAboveItsRate_isHeldBack_andOthersAreNot() throws Exception {
    try (var slow = client("slow-reader");
        var other = client("other")) {
      for (int i = 0; i < 40; i++) {
        begin(other, "r").get();
      }
      long startNs = System.nanoTime();
      try (var slowly = slow.subscribe("r", "slow", 0);
          var fast = other.subscribe("r", "fast", 0)) {
        var held = slow.receive(slowly.next().getAssignment());
        var free = other.receive(fast.next().getAssignment());
        held.request(40);
        assertThat(free.take(40)).hasSize(40);
        for (int i = 0; i < 40; i++) {
          assertThat(held.next().getRecord().getOffset()).isEqualTo(i);
        }
      }
      assertThat(elapsedSeconds(startNs)).isGreaterThan(2.5);
    }
  }

  @Test
  void connectionTooMany_isRefused_untilAnotherEnds() {
    var first = client("two");
    try (var second = client("two");
        var third = client("two");
        var other = client("other")) {
      assertThat(ask(first)).isEqualTo(Status.OK);
      assertThat(ask(second)).isEqualTo(Status.OK);

      var refused = ask(third);

      assertThat(refused.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(refused.getDescription())
          .isEqualTo(
              "more than 2 connections of principal two on this gateway are not allowed"
                  + " (quotas.rules)");
      assertThat(ask(first)).isEqualTo(Status.OK);
      assertThat(ask(other)).isEqualTo(Status.OK);
      first.close();
      await().atMost(AWAIT).until(() -> ask(third).isOk());
    }
  }

  private static Status ask(GatewayClient client) {
    return GatewayClient.statusOf(() -> client.endOffsets("t"));
  }

  @Test
  void sessionTooMany_isRefused_forEachPrincipalOfAPattern() {
    try (var first = client("one-a");
        var second = client("one-b")) {
      first.publish("s", "k", "v");
      var session = first.subscribe("s", "g", 0);
      var unused = session.next();

      var refused = first.subscribe("s", "h", 0).status();

      assertThat(refused.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(refused.getDescription())
          .startsWith("more than 1 sessions of principal one-a on this gateway");
      assertThat(isAssigned(second)).isTrue();
      session.close();
      await().atMost(AWAIT).until(() -> isAssigned(first));
    }
  }

  private static boolean isAssigned(GatewayClient client) {
    try (var session = client.subscribe("s", "h", 0)) {
      await().atMost(AWAIT).until(() -> session.isEnded() || !session.arrived().isEmpty());
      return !session.isEnded();
    }
  }

  private static String metrics() throws Exception {
    try (var http = new HttpOneSocket(gateway.opsPort())) {
      http.request("GET", "/prometheus");
      return http.response().body();
    }
  }
}
