package io.liiklus.server.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRulesTest {

  private static final long NOW_MS = 1_700_000_000_000L;
  private static final Duration LEEWAY = Duration.ofSeconds(2);

  private static TokenRules rules(String audience, boolean isExpiryRequired, Duration lifetime) {
    return new TokenRules(
        "", audience, "sub", false, LEEWAY, isExpiryRequired, Optional.ofNullable(lifetime));
  }

  private static VerifiedToken check(TokenRules rules, String claims) throws Exception {
    return rules.check(JWTClaimsSet.parse(claims), NOW_MS);
  }

  private static void assertRefused(TokenRules rules, String claims, String reason) {
    assertThatThrownBy(() -> check(rules, claims))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "exp, -3, expired",
    "nbf, 3, not valid yet",
    "iat, 3, issued in the future",
  })
  void timeBeyondTheLeeway_isRefused(String claim, int seconds, String reason) throws Exception {
    var rules = rules("", false, null);
    long second = NOW_MS / 1000;
    assertRefused(rules, "{\"%s\":%d}".formatted(claim, second + seconds), reason);
    // Two of the three seconds are leeway.
    int within = seconds - Integer.signum(seconds);
    assertThat(check(rules, "{\"%s\":%d}".formatted(claim, second + within)).name()).isEmpty();
  }

  @Test
  void expiry_countsWithItsLeeway() throws Exception {
    var token = check(rules("", true, null), "{\"exp\":" + (NOW_MS / 1000 + 10) + "}");
    assertThat(token.expiresAtMs()).isEqualTo(NOW_MS + 12_000);
    assertThat(check(rules("", false, null), "{}").expiresAtMs()).isEqualTo(VerifiedToken.NEVER);
  }

  @Test
  void tokenWithoutExpiry_isRefusedWhereOneIsRequired() {
    assertRefused(rules("", true, null), "{}", "without an expiry");
    assertRefused(rules("", false, Duration.ofHours(1)), "{}", "without an expiry");
  }

  @Test
  void lifetime_isFromIssueToExpiry() throws Exception {
    var rules = rules("", false, Duration.ofHours(1));
    long second = NOW_MS / 1000;
    var lasting = "{\"iat\":%d,\"exp\":%d}";
    assertThat(check(rules, lasting.formatted(second - 60, second + 3540)).name()).isEmpty();
    assertRefused(rules, lasting.formatted(second - 60, second + 3541), "longer lifetime");
    assertRefused(rules, "{\"exp\":" + (second + 3601) + "}", "longer lifetime");
  }

  @Test
  void audience_isOneOfTheTokens() throws Exception {
    var rules = rules("liiklus", false, null);
    assertThat(check(rules, "{\"aud\":\"liiklus\"}").name()).isEmpty();
    assertThat(check(rules, "{\"aud\":[\"other\",\"liiklus\"]}").name()).isEmpty();
    assertRefused(rules, "{\"aud\":\"liiklus2\"}", "another audience");
    assertRefused(rules, "{\"aud\":[]}", "another audience");
    assertRefused(rules, "{}", "another audience");
  }

  @Test
  void issuer_isTheWhole() throws Exception {
    var rules = new TokenRules("https://a", "", "sub", false, LEEWAY, false, Optional.empty());
    assertThat(check(rules, "{\"iss\":\"https://a\"}").name()).isEmpty();
    assertRefused(rules, "{\"iss\":\"https://a/\"}", "another issuer");
    assertRefused(rules, "{}", "another issuer");
  }

  @Test
  void principal_isThatOfTheClaim() throws Exception {
    var rules = new TokenRules("", "", "email", true, LEEWAY, false, Optional.empty());
    assertThat(check(rules, "{\"sub\":\"1\",\"email\":\"anna@b\"}").name()).isEqualTo("anna@b");
    assertRefused(rules, "{\"sub\":\"1\"}", "without the claim email");
    assertRefused(rules, "{\"email\":\"\"}", "without the claim email");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\nb", "\\u0000", "\\u007f", " ", "\\u0085"})
  void nameThatMayNotStandInALog_isRefused(String name) {
    assertRefused(rules("", false, null), "{\"sub\":\"" + name + "\"}", "principal's name");
    assertRefused(
        rules("", false, null), "{\"sub\":\"" + "x".repeat(2049) + "\"}", "principal's name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"sub\":[\"a\"]}", "{\"exp\":\"soon\"}", "{\"nbf\":{}}"})
  void claimOfAnotherType_isNotTaken(String claims) {
    assertThatThrownBy(() -> check(rules("", false, null), claims)).isInstanceOf(Exception.class);
  }
}
