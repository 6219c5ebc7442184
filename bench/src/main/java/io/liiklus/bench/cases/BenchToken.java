package io.liiklus.bench.cases;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Maker of tokens (JWT, HS512) that outlast a run. Immutable. */
final class BenchToken {

  private static final Duration VALID = Duration.ofDays(1);
  private static final String ALGORITHM = "HmacSHA512";

  private BenchToken() {}

  static String of(String principal, String secret) {
    long expiry = Instant.now().plus(VALID).getEpochSecond();
    var claims = "{\"sub\":\"%s\",\"exp\":%d}".formatted(principal, expiry);
    var signed = encode("{\"alg\":\"HS512\"}") + "." + encode(claims);
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static String encode(String json) {
    return encode(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
