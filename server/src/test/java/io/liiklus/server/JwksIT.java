package io.liiklus.server;

import static io.liiklus.server.gateway.HandmadeToken.jwk;
import static io.liiklus.server.gateway.HandmadeToken.jwks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.liiklus.server.gateway.BearerClient;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HandmadeToken;
import io.liiklus.server.gateway.KeyServer;
import io.liiklus.server.gateway.LogWatch;
import io.liiklus.testing.ServerFolder;
import io.liiklus.testing.TlsFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens by the keys of an issuer, which may be away, slow, wrong or hostile. */
class JwksIT {

  private static final Duration AWAIT = Duration.ofSeconds(60);

  private static TlsFiles tls;
  private static KeyPair first;
  private static KeyPair second;

  private final LogWatch log = new LogWatch();
  private KeyServer issuer;

  @BeforeAll
  static void createKeys() {
    tls = TlsFiles.create(ServerFolder.create("jwks"));
    first = HandmadeToken.newKeys("ES256");
    second = HandmadeToken.newKeys("ES256");
  }

  @BeforeEach
  void open() {
    issuer = KeyServer.start(tls, jwks(jwk("first", first.getPublic())));
  }

  @AfterEach
  void close() {
    issuer.close();
    log.close();
  }

  private Gateway start(String... more) {
    var settings =
        new ArrayList<>(
            List.of(
                "--grpc.auth.alg=JWKS",
                "--grpc.auth.jwks=" + issuer.url(),
                "--grpc.auth.jwksTrustCert=" + tls.certificate(),
                "--grpc.auth.jwksTimeout=1s",
                "--grpc.auth.jwksMinInterval=300ms"));
    settings.addAll(List.of(more));
    return Gateway.start(settings.toArray(String[]::new));
  }

  private static String token(String kid, KeyPair keys) {
    return HandmadeToken.of("ES256", kid, "anna")
        .signed(HandmadeToken.signer("ES256", keys.getPrivate()));
  }

  private static Status status(GatewayClient client) {
    return GatewayClient.statusOf(
        () -> client.stub().getEndOffsets(GetEndOffsetsRequest.newBuilder().setTopic("t").build()));
  }

  private static Code code(Gateway gateway, String token) {
    try (var client = BearerClient.open(gateway.port(), token)) {
      return status(client).getCode();
    }
  }

  @Test
  void issuersTokens_areTaken() {
    try (var gateway = start()) {
      await().atMost(AWAIT).until(() -> code(gateway, token("first", first)) == Code.OK);
      assertThat(code(gateway, token("first", second))).isEqualTo(Code.UNAUTHENTICATED);
    }
  }

  /**
   * A call that comes before the first answer of the issuer waits for it; the event loop does not.
   */
  @Test
  void firstCall_waitsForTheKeys() throws Exception {
    var isAsked = new CountDownLatch(1);
    var mayAnswer = new CountDownLatch(1);
    var body = jwks(jwk("first", first.getPublic())).getBytes(StandardCharsets.UTF_8);
    issuer.answer(
        exchange -> {
          isAsked.countDown();
          mayAnswer.await();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        });
    try (var gateway = start("--grpc.auth.jwksTimeout=1m", "--threads.io=1");
        var client = BearerClient.open(gateway.port(), token("first", first))) {
      isAsked.await();
      var waiting =
          CompletableFuture.supplyAsync(() -> client.publish("topic", "key", "value").getOffset());
      var second = CompletableFuture.supplyAsync(() -> status(client).getCode());
      // The only loop serves others meanwhile.
      try (var other = BearerClient.open(gateway.port(), "a.b.c")) {
        assertThat(status(other).getCode()).isEqualTo(Code.UNAUTHENTICATED);
      }
      assertThat(waiting).isNotDone();
      assertThat(second).isNotDone();

      mayAnswer.countDown();

      assertThat(waiting.get()).isZero();
      assertThat(second.get()).isEqualTo(Code.OK);
    }
  }

  @Test
  void issuerThatIsAway_leavesTheKeysInUse() {
    try (var gateway = start("--grpc.auth.jwksRefresh=1s")) {
      await().atMost(AWAIT).until(() -> code(gateway, token("first", first)) == Code.OK);

      issuer.serve(503, new byte[0]);

      var warned = new ArrayList<String>();
      await().atMost(AWAIT).until(() -> warned.addAll(log.take()));
      assertThat(warned.get(0))
          .contains("keys of tokens cannot be fetched, the last ones stay in use", "status 503");
      assertThat(code(gateway, token("first", first))).isEqualTo(Code.OK);
      assertThat(code(gateway, token("second", second))).isEqualTo(Code.UNAUTHENTICATED);

      issuer.serve(jwks(jwk("second", second.getPublic())));

      await().atMost(AWAIT).until(() -> code(gateway, token("second", second)) == Code.OK);
      // A key that was taken out of the set no longer counts, for tokens too that were taken
      // before.
      assertThat(code(gateway, token("first", first))).isEqualTo(Code.UNAUTHENTICATED);
    }
  }

  @Test
  void issuerThatWasNeverThere_makesCallsUnavailable() {
    issuer.serve(404, new byte[0]);
    try (var gateway = start("--grpc.auth.jwksRefresh=1h")) {
      assertThat(code(gateway, token("first", first))).isEqualTo(Code.UNAVAILABLE);
      assertThat(code(gateway, "a.b.c")).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(log.take()).first().asString().contains("no keys of tokens so far", "status 404");

      issuer.serve(jwks(jwk("first", first.getPublic())));

      // Within jwksMinInterval, whatever jwksRefresh says.
      await().atMost(AWAIT).until(() -> code(gateway, token("first", first)) == Code.OK);
    }
  }

  @Test
  void answersThatAreNoKeys_areRefused() {
    try (var gateway = start("--grpc.auth.jwksRefresh=1s")) {
      await().atMost(AWAIT).until(() -> code(gateway, token("first", first)) == Code.OK);
      var answers =
          List.<KeyServer.Answer>of(
              exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("<html>".getBytes(StandardCharsets.UTF_8));
              },
              exchange -> exchange.sendResponseHeaders(200, -1),
              exchange -> {
                // Without an end.
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 10_000; i++) {
                  exchange.getResponseBody().write(new byte[64 * 1024]);
                }
              },
              exchange -> {
                // Slower than anybody waits.
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 100; i++) {
                  exchange.getResponseBody().write(' ');
                  exchange.getResponseBody().flush();
                  Thread.sleep(100);
                }
              },
              exchange -> {
                exchange.getResponseHeaders().add("Location", "https://localhost:1/keys");
                exchange.sendResponseHeaders(302, -1);
              });
      for (var answer : answers) {
        issuer.answer(answer);
        int before = issuer.requests();
        await().atMost(AWAIT).until(() -> issuer.requests() >= before + 2);
        assertThat(code(gateway, token("first", first))).isEqualTo(Code.OK);
      }
    }
  }

  /** Anybody can name keys that are not there. */
  @Test
  void unknownKids_causeOneFetchInAnInterval() {
    try (var gateway = start("--grpc.auth.jwksMinInterval=1h", "--grpc.auth.jwksRefresh=1h");
        var other = start("--grpc.auth.jwksMinInterval=2s", "--grpc.auth.jwksRefresh=1h")) {
      await().atMost(AWAIT).until(() -> issuer.requests() == 2);
      for (int i = 0; i < 50; i++) {
        assertThat(code(gateway, token("unknown-" + i, second))).isEqualTo(Code.UNAUTHENTICATED);
      }
      assertThat(issuer.requests()).isEqualTo(2);

      long startNs = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        assertThat(code(other, token("unknown-" + i, second))).isEqualTo(Code.UNAUTHENTICATED);
      }
      long intervals = Duration.ofNanos(System.nanoTime() - startNs).toSeconds() / 2 + 1;
      assertThat(issuer.requests() - 2L).isBetween(0L, intervals);
    }
  }

  @Test
  void rotationOfKeysUnderLoad_failsNoCall() throws Exception {
    try (var gateway = start("--grpc.auth.jwksRefresh=1h")) {
      await().atMost(AWAIT).until(() -> code(gateway, token("first", first)) == Code.OK);
      var current = new String[] {token("first", first)};
      var calls = new AtomicInteger();
      var stop = new CountDownLatch(1);
      var failures =
          CompletableFuture.supplyAsync(
              () -> {
                var failed = new ArrayList<Status>();
                while (stop.getCount() > 0) {
                  try (var client = BearerClient.open(gateway.port(), () -> current[0])) {
                    for (int i = 0; i < 20; i++) {
                      var status = status(client);
                      calls.incrementAndGet();
                      if (!status.isOk()) {
                        failed.add(status);
                      }
                    }
                  }
                }
                return failed;
              });
      int before = calls.get();
      await().atMost(AWAIT).until(() -> calls.get() > before + 20);
      // As issuers do: the new key is there before it signs, and the old one as long as its tokens.
      issuer.serve(jwks(jwk("first", first.getPublic()), jwk("second", second.getPublic())));
      current[0] = token("second", second);
      int rotated = calls.get();
      await().atMost(AWAIT).until(() -> calls.get() > rotated + 40);
      issuer.serve(jwks(jwk("second", second.getPublic())));
      int removed = calls.get();
      await().atMost(AWAIT).until(() -> calls.get() > removed + 40);
      stop.countDown();
      assertThat(failures.get()).isEmpty();
    }
  }

  @Test
  void setInAFile_isReadAgain() throws Exception {
    var folder = ServerFolder.create("jwks-file");
    var file = folder.resolve("keys.json");
    Files.writeString(file, jwks(jwk("first", first.getPublic())));
    try (var gateway =
        Gateway.start(
            "--grpc.auth.alg=JWKS",
            "--grpc.auth.jwks=file:" + file,
            "--grpc.auth.jwksMinInterval=100ms")) {
      await().atMost(AWAIT).until(() -> code(gateway, token("first", first)) == Code.OK);
      var next = folder.resolve("next.json");
      Files.writeString(next, jwks(jwk("second", second.getPublic())));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      await().atMost(AWAIT).until(() -> code(gateway, token("second", second)) == Code.OK);
    }
  }
}
