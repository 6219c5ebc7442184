package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.gateway.HandmadeToken;
import io.liiklus.server.security.CertificateName;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthSettingsTest {

  private static final String LONG_SECRET = "0123456789abcdef".repeat(4);

  @TempDir Path home;

  private Start start() {
    return new Start(home);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "none", ""})
  void withoutAnAlgorithm_noTokensAreAskedFor(String alg) {
    var auth = start().arguments("--grpc.auth.alg=" + alg).server().grpc().auth();
    assertThat(auth.tokens()).isEmpty();
    assertThat(auth.openServices())
        .containsExactlyInAnyOrder(
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection");
    assertThat(auth.certificateName()).isEqualTo(CertificateName.CN);
  }

  @Test
  void algorithmThatIsNone_isRefused() {
    assertThat(start().variable("grpc_auth_alg", "HMAC256").refusals())
        .containsExactly(
            "grpc.auth.alg: HMAC256 is not allowed; NONE or HMAC512 or RSA512 or JWKS (from the"
                + " environment variable grpc_auth_alg)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HMAC512 | grpc.auth.secret: has no value; grpc.auth.alg = HMAC512 needs one",
        "rsa512 | grpc.auth.keys: has no entries; grpc.auth.alg = RSA512 needs keys.<kid> = a public"
            + " key",
        "JWKS | grpc.auth.jwks: has no value; grpc.auth.alg = JWKS needs a file or an https URL"
      })
  void keyThatIsMissing_isRefused(String alg, String line) {
    assertThat(start().arguments("--grpc.auth.alg=" + alg).refusals()).containsExactly(line);
  }

  @Test
  void shortSecret_worksWithAWarning() {
    var start = start().arguments("--grpc.auth.alg=HMAC512", "--grpc.auth.secret=hunter2");
    assertThat(start.warnings())
        .containsExactly(
            "grpc.auth.secret: has 7 bytes; RFC 7518 wants 64 or more at random, since whoever sees"
                + " a token can try out short secrets (from the command line)");
    assertThat(start.server().toString()).doesNotContain("hunter2");
    assertThat(
            start()
                .arguments("--grpc.auth.alg=HMAC512", "--grpc.auth.secret=" + LONG_SECRET)
                .warnings())
        .isEmpty();
  }

  @Test
  void keysOfAnotherAlgorithm_areWarnedOf() {
    assertThat(start().arguments("--grpc.auth.secret=s").warnings())
        .containsExactly("grpc.auth.alg: is not set, so auth.secret does nothing");
    assertThat(
            start()
                .arguments("--grpc.auth.alg=HMAC512", "--grpc.auth.secret=" + LONG_SECRET)
                .arguments("--grpc.auth.keys.main=x")
                .warnings())
        .containsExactly(
            "grpc.auth.alg: is HMAC512, so auth.keys does nothing (from the command line)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-----BEGIN CERTIFICATE-----", "MIIB"})
  void textThatIsNoKey_isRefusedAndNotShown(String text) {
    assertThat(
            start().arguments("--grpc.auth.alg=RSA512", "--grpc.auth.keys.main=" + text).refusals())
        .containsExactly(
            "grpc.auth.keys.main: is no RSA public key of X.509 in PEM (BEGIN PUBLIC KEY) (from the"
                + " command line)");
  }

  @Test
  void keyOfAnotherKind_isRefused() {
    var ec = HandmadeToken.newKeys("ES256").getPublic().getEncoded();
    var text = Base64.getEncoder().encodeToString(ec);
    assertThat(
            start().arguments("--grpc.auth.alg=RSA512", "--grpc.auth.keys.main=" + text).refusals())
        .singleElement()
        .asString()
        .startsWith("grpc.auth.keys.main: is no RSA public key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https:///keys", "https://user:secret@host/keys", "https://h/k#x", "https:"})
  void urlThatCannotBeUsed_isRefused(String url) {
    assertThat(start().arguments("--grpc.auth.alg=JWKS", "--grpc.auth.jwks=" + url).refusals())
        .containsExactly(
            "grpc.auth.jwks: is no https URL with a host, without user and fragment (from the"
                + " command line)");
  }

  /** Whoever is on the way could put in keys of their own. */
  @Test
  void urlWithoutTls_isRefused() {
    assertThat(
            start()
                .arguments("--grpc.auth.alg=JWKS", "--grpc.auth.jwks=http://issuer/keys")
                .refusals())
        .singleElement()
        .asString()
        .startsWith("grpc.auth.jwks: there is no readable file http:/issuer/keys");
  }

  @Test
  void fileThatIsNoSetOfKeys_isRefused() {
    var file = home.resolve("keys.json");
    assertThat(
            start()
                .write("keys.json", "{\"keys\":[]}")
                .arguments("--grpc.auth.alg=JWKS", "--grpc.auth.jwks=" + file)
                .refusals())
        .singleElement()
        .asString()
        .startsWith("grpc.auth.jwks: is no JSON Web Key Set: no key for signatures");
  }

  @Test
  void setWithoutAnAudience_isWarnedOf() {
    var start =
        start()
            .arguments("--grpc.auth.alg=JWKS", "--grpc.auth.jwks=https://issuer.example/keys")
            .arguments("--grpc.auth.issuer=https://issuer.example");
    assertThat(start.warnings())
        .containsExactly(
            "grpc.auth.audience: is not set, so tokens that were issued for other services are"
                + " taken, too");
    assertThat(start.arguments("--grpc.auth.audience=liiklus").warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "HMAC512, '', false",
    "JWKS, '', true",
    "HMAC512, true, true",
    "JWKS, false, false",
  })
  void expiryIsRequired_byAlgorithmUnlessItIsSaid(String alg, String said, boolean isRequired) {
    var rules =
        start()
            .arguments("--grpc.auth.alg=" + alg, "--grpc.auth.secret=" + LONG_SECRET)
            .arguments("--grpc.auth.jwks=https://issuer.example/keys")
            .arguments("--grpc.auth.requireExpiry=" + said)
            .server()
            .grpc()
            .auth()
            .tokens()
            .orElseThrow()
            .rules();
    assertThat(rules.isExpiryRequired()).isEqualTo(isRequired);
    assertThat(rules.isPrincipalRequired()).isEqualTo(alg.equals("JWKS"));
  }

  @ParameterizedTest
  @CsvSource({
    "'health,', has an empty word",
    "'health, metrics', metrics is not allowed",
    "'none,health', none is not allowed"
  })
  void openServiceThatIsNone_isRefused(String text, String reason) {
    assertThat(start().arguments("--grpc.auth.openServices=" + text).refusals())
        .containsExactly(
            "grpc.auth.openServices: "
                + reason
                + "; health, reflection, or both with a comma between them, or none (from the"
                + " command line)");
  }

  @Test
  void httpPortWithTls_needsTheFiles() {
    assertThat(start().arguments("--server.tls=true").refusals())
        .containsExactly(
            "server.tls: true needs grpc.tls.key and grpc.tls.keyCertChain (from the command"
                + " line)");
  }

  @Test
  void tokenOfTheHttpPort_isNotShownAndWantsTls() {
    var start = start().arguments("--server.token=hunter2");
    assertThat(start.warnings())
        .containsExactly(
            "server.token: comes over plain text; set server.tls = true (from the command line)");
    assertThat(start.server().toString()).doesNotContain("hunter2");
    assertThat(start().arguments("--server.token=a b").refusals())
        .containsExactly(
            "server.token: has characters that a header cannot carry; visible ASCII, no blanks"
                + " (from the command line)");
  }
}
