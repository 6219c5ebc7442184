package io.liiklus.server.security;

import static io.liiklus.server.gateway.HandmadeToken.hmac512;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import io.grpc.Status;
import io.liiklus.server.gateway.BearerClient;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HandmadeToken;
import io.liiklus.server.gateway.LogWatch;
import io.liiklus.server.security.jwt.RefusedTokenException;
import io.liiklus.server.security.jwt.TokenRules;
import io.liiklus.server.security.jwt.TokenVerifier;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/**
 * Damaged tokens and headers, for some seconds. None is taken, and each is refused by the one
 * exception for it. {@code -Dliiklus.fuzz.seconds=3600} goes on for longer, {@code
 * -Dliiklus.fuzz.seed=7} goes elsewhere.
 */
class TokenFuzzIT {

  private static final int DEFAULT_SECONDS = 5;
  private static final long DEFAULT_SEED = 20261130;
  private static final String SECRET = "secret of the fuzz";
  private static final String ALPHABET =
      "ABCabc019-_.=+/ \t\"{}[]:,\\\0\u007f\u00e4\u20ac\ud83d\ude00";

  private static final List<String> PIECES =
      List.of(
          "\"alg\":\"none\"",
          "\"alg\":\"HS512\"",
          "\"alg\":null",
          "\"alg\":[\"HS512\"]",
          "\"crit\":[\"exp\"]",
          "\"kid\":null",
          "\"kid\":{}",
          "\"b64\":false",
          "\"zip\":\"DEF\"",
          "\"exp\":1e400",
          "\"exp\":-1",
          "\"exp\":9223372036854775807",
          "\"exp\":\"1\"",
          "\"nbf\":[]",
          "\"sub\":{\"a\":1}",
          "\"aud\":[1,2]",
          "\"iss\":7",
          "{",
          "}",
          "[[[[");

  private final long seed = Long.getLong("liiklus.fuzz.seed", DEFAULT_SEED);
  private final Random random = new Random(seed);
  private final int seconds = Integer.getInteger("liiklus.fuzz.seconds", DEFAULT_SECONDS);

  private final TokenRules rules =
      new TokenRules("", "", "sub", true, Duration.ZERO, true, Optional.empty());

  @Test
  void damagedToken_isRefusedAsOne() {
    var keys = HandmadeToken.newKeys("RS512");
    var hmac = TokenVerifier.hmac512(SECRET, rules);
    var rsa = TokenVerifier.rsa512(Map.of("k", (RSAPublicKey) keys.getPublic()), rules);
    var valid = HandmadeToken.of("HS512", "k", "anna").signed(hmac512(SECRET));
    var signed =
        HandmadeToken.of("RS512", "k", "anna")
            .signed(HandmadeToken.signer("RS512", keys.getPrivate()));
    long endNs = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    for (int round = 0; System.nanoTime() - endNs < 0; round++) {
      var whole = random.nextBoolean() ? valid : signed;
      var damaged = damaged(whole);
      if (!isEqual(damaged, whole)) {
        assertRefused(hmac, damaged, round);
        assertRefused(rsa, damaged, round);
      }
      // Signed rightly, and nonsense all the same: any answer, but no other exception.
      var unused = verify(hmac, nonsense().signed(hmac512(SECRET)), round);
    }
  }

  /** In its last character, base64 has bits that mean nothing. */
  private static boolean isEqual(String damaged, String whole) {
    int last = whole.length() - 1;
    return damaged.length() == whole.length() && damaged.startsWith(whole.substring(0, last));
  }

  private void assertRefused(TokenVerifier verifier, String token, int round) {
    assertThat(verify(verifier, token, round))
        .as("seed=%d round=%d token=%s", seed, round, token)
        .isFalse();
  }

  private boolean verify(TokenVerifier verifier, String token, int round) {
    try {
      var unused = verifier.verify(token).toCompletableFuture().join();
      return true;
    } catch (CompletionException failure) {
      assertThat(failure.getCause())
          .as("seed=%d round=%d token=%s", seed, round, token)
          .isInstanceOf(RefusedTokenException.class);
      return false;
    }
  }

  private String damaged(String token) {
    var text = new StringBuilder(token);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && !text.isEmpty(); i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(5)) {
        case 0 -> text.setCharAt(at, letter());
        case 1 -> text.insert(at, letter());
        case 2 -> text.setLength(at);
        case 3 -> text.insert(at, text.substring(random.nextInt(text.length())));
        default -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
      }
    }
    return text.toString();
  }

  private static Set<Status.Code> answers(List<String> headers, String token) {
    if (headers.size() != 1 || !headers.get(0).toLowerCase(Locale.ROOT).startsWith("bearer ")) {
      return Set.of(Status.Code.UNAUTHENTICATED);
    }
    var sent = headers.get(0).substring("bearer ".length()).strip();
    if (sent.equals(token)) {
      return Set.of(Status.Code.OK);
    }
    // Whether the last character means the same is the decoder's to say.
    return isEqual(sent, token)
        ? Set.of(Status.Code.OK, Status.Code.UNAUTHENTICATED)
        : Set.of(Status.Code.UNAUTHENTICATED);
  }

  private char letter() {
    return ALPHABET.charAt(random.nextInt(ALPHABET.length()));
  }

  private HandmadeToken nonsense() {
    return new HandmadeToken(
        random.nextInt(4) == 0 ? json() : "{\"alg\":\"HS512\"," + json().substring(1), json());
  }

  private String json() {
    var json = new StringBuilder("{");
    for (int i = random.nextInt(5); i > 0; i--) {
      json.append(json.length() > 1 ? "," : "").append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return json.append('}').toString();
  }

  @Test
  void damagedHeaders_areUnauthenticatedAndNothingElse() {
    var valid = HandmadeToken.of("HS512", null, "anna").signed(hmac512(SECRET));
    try (var log = new LogWatch();
        var gateway = Gateway.start("--grpc.auth.alg=HMAC512", "--grpc.auth.secret=" + SECRET)) {
      long endNs = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      while (System.nanoTime() - endNs < 0) {
        var headers = new String[random.nextInt(3)];
        for (int i = 0; i < headers.length; i++) {
          // Of what an HTTP/2 client lets through.
          headers[i] = damaged("Bearer " + valid).replaceAll("[^ -~]", "~");
        }
        try (var client = BearerClient.withHeaders(gateway.port(), headers)) {
          var request = GetEndOffsetsRequest.newBuilder().setTopic("t").build();
          var status = GatewayClient.statusOf(() -> client.stub().getEndOffsets(request));
          assertThat(status.getCode())
              .as("seed=%d headers=%s", seed, List.of(headers))
              .isIn(answers(List.of(headers), valid));
        }
      }
      assertThat(log.take()).noneMatch(line -> line.contains("fault of the gateway"));
    }
  }
}
