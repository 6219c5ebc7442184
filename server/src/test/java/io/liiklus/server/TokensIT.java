package io.liiklus.server;

import static io.liiklus.server.gateway.HandmadeToken.hmac512;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.liiklus.server.gateway.BatchStream;
import io.liiklus.server.gateway.BearerClient;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HandmadeToken;
import io.liiklus.server.gateway.HttpOneSocket;
import io.liiklus.server.gateway.LogWatch;
import io.liiklus.server.gateway.RawCall;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens as the original takes them, over real channels. */
class TokensIT {

  private static final Duration AWAIT = Duration.ofSeconds(60);
  private static final String SECRET = "secret";

  private static Gateway gateway;

  private final LogWatch log = new LogWatch();

  @BeforeAll
  static void start() {
    gateway = Gateway.start("--grpc.auth.alg=HMAC512", "--grpc.auth.secret=" + SECRET);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void close() {
    log.close();
  }

  private static String token(String claims) {
    return HandmadeToken.of("HS512", null, "").withClaims(claims).signed(hmac512(SECRET));
  }

  private static String valid() {
    return HandmadeToken.of("HS512", null, "anna").signed(hmac512(SECRET));
  }

  private static String untilIn(int seconds) {
    return token("{\"sub\":\"a\",\"exp\":" + (Instant.now().getEpochSecond() + seconds) + "}");
  }

  private static Status ask(GatewayClient client) {
    return GatewayClient.statusOf(
        () -> client.stub().getEndOffsets(GetEndOffsetsRequest.newBuilder().setTopic("t").build()));
  }

  private static Status askWith(String... headers) {
    try (var client = BearerClient.withHeaders(gateway.port(), headers)) {
      return ask(client);
    }
  }

  @Test
  void tokenOfTheOriginal_isTaken() {
    assertThat(askWith("Bearer " + valid()).getCode()).isEqualTo(Code.OK);
    assertThat(askWith("bearer  " + valid()).getCode()).isEqualTo(Code.OK);
    assertThat(askWith("Bearer " + token("{}")).getCode()).isEqualTo(Code.OK);
  }

  @Test
  void whateverIsWrong_theStatusIsOne() {
    var wrong =
        new String[][] {
          {},
          {""},
          {"Bearer"},
          {"Bearer "},
          {"Basic YTpi"},
          {valid()},
          {"Bearer a.b.c"},
          {"Bearer " + valid() + "x"},
          {"Bearer " + HandmadeToken.of("HS512", null, "a").signed(hmac512("wrong"))},
          {"Bearer " + untilIn(-10)},
          {"Bearer " + token("{\"nbf\":" + (Instant.now().getEpochSecond() + 60) + "}")},
          {"Bearer " + valid(), "Bearer " + valid()},
          {"Bearer " + valid() + ", Bearer " + valid()},
          {"Bearer " + valid(), ""},
        };
    for (var headers : wrong) {
      var status = askWith(headers);
      assertThat(status.getCode()).as("%s", (Object) headers).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(status.getDescription())
          .isEqualTo("the credentials are missing, not valid or no longer valid");
    }
  }

  @ParameterizedTest
  @MethodSource("io.liiklus.server.gateway.RawCall#names")
  void everyMethod_wantsAToken(String method) {
    try (var client = new GatewayClient(gateway.port())) {
      assertThat(RawCall.of(method, new byte[0]).open(client.channel()).status().getCode())
          .isEqualTo(Code.UNAUTHENTICATED);
    }
  }

  @Test
  void healthAndReflection_areOpen() {
    try (var client = new GatewayClient(gateway.port())) {
      assertThat(health(client)).isEqualTo(Code.OK);
      var reflection = RawCall.of("grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
      assertThat(reflection.open(client.channel()).status().getCode()).isEqualTo(Code.OK);
    }
  }

  @Test
  void servicesThatAreNotOpen_wantAToken() {
    try (var closed =
            Gateway.start(
                "--grpc.auth.alg=HMAC512",
                "--grpc.auth.secret=" + SECRET,
                "--grpc.auth.openServices=reflection");
        var client = new GatewayClient(closed.port());
        var bearer = BearerClient.open(closed.port(), valid())) {
      assertThat(health(client)).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(health(bearer)).isEqualTo(Code.OK);
    }
  }

  private static Code health(GatewayClient client) {
    var stub =
        HealthGrpc.newBlockingStub(client.channel())
            .withDeadlineAfter(AWAIT.toSeconds(), TimeUnit.SECONDS);
    return GatewayClient.statusOf(() -> stub.check(HealthCheckRequest.getDefaultInstance()))
        .getCode();
  }

  /** Nothing of it was done, so its client may publish again. */
  @Test
  void refusedPublish_wasSurelyNotStored() {
    try (var client = new GatewayClient(gateway.port())) {
      client.publish("t", "k", "v");
      throw new AssertionError("it was taken");
    } catch (StatusRuntimeException refused) {
      var stored = Metadata.Key.of("liiklus-stored", Metadata.ASCII_STRING_MARSHALLER);
      assertThat(refused.getTrailers().get(stored)).isEqualTo("no");
    }
  }

  @Test
  void refusedCalls_leaveNothingBehind() throws Exception {
    try (var client = new GatewayClient(gateway.port())) {
      for (int i = 0; i < 200; i++) {
        var call = RawCall.of(i % 2 == 0 ? "Publish" : "Subscribe", new byte[10_000]);
        assertThat(call.open(client.channel()).status().getCode()).isEqualTo(Code.UNAUTHENTICATED);
      }
      await()
          .atMost(AWAIT)
          .until(() -> metrics().contains("\nliiklus_unfinished_request_bytes 0.0\n"));
    }
  }

  private static String metrics() throws Exception {
    try (var http = new HttpOneSocket(gateway.opsPort())) {
      http.request("GET", "/prometheus");
      return http.response().body();
    }
  }

  @Test
  void reasonOfARefusal_isInTheLogOnceAMinute() {
    for (int i = 0; i < 20; i++) {
      askWith("Bearer " + untilIn(-10));
    }
    assertThat(log.take().stream().filter(line -> line.contains("without valid credentials")))
        .hasSizeLessThanOrEqualTo(1)
        .noneMatch(line -> line.contains("eyJ"));
  }

  @Test
  void streamsOfAnExpiredToken_end() {
    var token = new String[] {valid()};
    try (var client = BearerClient.open(gateway.port(), () -> token[0])) {
      var topic = "expiring";
      int partition = client.publish(topic, "key", "value").getPartition();
      var lasting = client.subscribe(topic, "lasting", 0);
      token[0] = untilIn(1);
      var subscribe = client.subscribe(topic, "group", 0);
      var assignment = subscribe.next().getAssignment();
      while (assignment.getPartition() != partition) {
        assignment = subscribe.next().getAssignment();
      }
      var receive = client.receive(assignment);
      assertThat(receive.take(1)).hasSize(1);
      var publishes = BatchStream.open(client.channel());

      assertThat(receive.status().getCode()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(subscribe.status().getCode()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(publishes.status().getCode()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(publishes.isRestNotStored()).isTrue();
      assertThat(ask(client).getCode()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(lasting.isEnded()).isFalse();
      token[0] = valid();
      assertThat(ask(client).getCode()).isEqualTo(Code.OK);
    }
  }

  @Test
  void streamsThatNeedNotEnd_goOn() {
    try (var lenient =
            Gateway.start(
                "--grpc.auth.alg=HMAC512",
                "--grpc.auth.secret=" + SECRET,
                "--grpc.auth.leeway=0",
                "--grpc.auth.endExpiredStreams=false");
        var client = BearerClient.open(lenient.port(), untilIn(10))) {
      client.publish("topic", "key", "value");
      var subscribe = client.subscribe("topic", "group", 0);
      assertThat(subscribe.next().hasAssignment()).isTrue();
      await().atMost(AWAIT).until(() -> ask(client).getCode() == Code.UNAUTHENTICATED);
      assertThat(subscribe.isEnded()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lines", "line", "bare", "escaped"})
  void rsaKeyFromTheEnvironment_isTaken(String form) {
    KeyPair keys = HandmadeToken.newKeys("RS512");
    var base64 = Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded());
    var pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
    var text =
        switch (form) {
          case "lines" -> pem;
          case "line" -> pem.replaceAll("\\s*\\R", "");
          case "bare" -> base64;
          default -> pem.replaceAll("\\R", "\\\\n");
        };
    var environment = Map.of("grpc_auth_alg", "RSA512", "grpc_auth_keys_main", text);
    var signer = HandmadeToken.signer("RS512", keys.getPrivate());
    try (var rsa = Gateway.startIn(environment);
        var client =
            BearerClient.open(rsa.port(), HandmadeToken.of("RS512", "main", "a").signed(signer));
        var other =
            BearerClient.open(rsa.port(), HandmadeToken.of("RS512", "x", "a").signed(signer))) {
      assertThat(ask(client).getCode()).isEqualTo(Code.OK);
      assertThat(ask(other).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    }
  }

  @Test
  void tokenWithoutExpiry_isWarnedOfOnceAndCanBeRefused() {
    try (var original = Gateway.start("--grpc.auth.alg=HMAC512", "--grpc.auth.secret=" + SECRET);
        var client = BearerClient.open(original.port(), token("{\"sub\":\"a\"}"));
        var other = BearerClient.open(original.port(), token("{\"sub\":\"b\"}"))) {
      log.take();
      assertThat(ask(client).getCode()).isEqualTo(Code.OK);
      assertThat(ask(other).getCode()).isEqualTo(Code.OK);
      assertThat(log.take()).singleElement().asString().contains("a token without an expiry");
    }
    try (var strict =
            Gateway.start(
                "--grpc.auth.alg=HMAC512",
                "--grpc.auth.secret=" + SECRET,
                "--grpc.auth.requireExpiry=true");
        var client = BearerClient.open(strict.port(), token("{\"sub\":\"a\"}"))) {
      assertThat(ask(client).getCode()).isEqualTo(Code.UNAUTHENTICATED);
    }
  }
}
