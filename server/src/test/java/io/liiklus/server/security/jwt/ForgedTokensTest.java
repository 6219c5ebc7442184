package io.liiklus.server.security.jwt;

import static io.liiklus.server.gateway.HandmadeToken.hmac;
import static io.liiklus.server.gateway.HandmadeToken.hmac512;
import static io.liiklus.server.gateway.HandmadeToken.signer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.server.gateway.HandmadeToken;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that somebody without the key may try. */
class ForgedTokensTest {

  private static final TokenRules RULES =
      new TokenRules("", "", "sub", false, Duration.ofSeconds(2), false, Optional.empty());

  private static final String SECRET =
      "a secret of more than sixty-four bytes, as RFC 7518 wants it......";
  private static final KeyPair RSA = HandmadeToken.newKeys("RS512");
  private static final KeyPair EC = HandmadeToken.newKeys("ES256");
  private static final KeyPair ED = HandmadeToken.newKeys("EdDSA");

  private final TokenVerifier hmac = TokenVerifier.hmac512(SECRET, RULES);
  private final TokenVerifier rsa =
      TokenVerifier.rsa512(Map.of("main", (RSAPublicKey) RSA.getPublic()), RULES);

  private static TokenVerifier set(String... keys) throws Exception {
    var parsed = JwkSet.parse(HandmadeToken.jwks(keys));
    return new TokenVerifier(new UnchangedKeys(parsed), RULES, InstantSource.system());
  }

  private static TokenVerifier set() throws Exception {
    return set(
        HandmadeToken.jwk("rsa", RSA.getPublic()),
        HandmadeToken.jwk("ec", EC.getPublic()),
        HandmadeToken.jwk("ed", ED.getPublic()));
  }

  private static String nameOf(TokenVerifier verifier, String token) {
    return verifier.verify(token).toCompletableFuture().join().name();
  }

  private static void assertRefused(TokenVerifier verifier, String token, String reason) {
    assertThatThrownBy(() -> verifier.verify(token).toCompletableFuture().join())
        .cause()
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void tokensOfTheOriginal_areTaken() {
    assertThat(nameOf(hmac, HandmadeToken.of("HS512", null, "anna").signed(hmac512(SECRET))))
        .isEqualTo("anna");
    var withoutClaims = HandmadeToken.of("HS512", null, "").withClaims("{}");
    assertThat(nameOf(hmac, withoutClaims.signed(hmac512(SECRET)))).isEmpty();
    assertThat(
            nameOf(
                rsa,
                HandmadeToken.of("RS512", "main", "anna")
                    .signed(signer("RS512", RSA.getPrivate()))))
        .isEqualTo("anna");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s",
        "secret",
        "a secret of thirty-two bytes....",
        SECRET,
        SECRET + SECRET + SECRET
      })
  void secretOfAnyLength_works(String secret) {
    var verifier = TokenVerifier.hmac512(secret, RULES);
    assertThat(nameOf(verifier, HandmadeToken.of("HS512", null, "a").signed(hmac512(secret))))
        .isEqualTo("a");
    assertRefused(
        verifier, HandmadeToken.of("HS512", null, "a").signed(hmac512("x" + secret)), "signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
        "Ed25519", "Ed448"
      })
  void everyAlgorithmOfASet_works(String alg) throws Exception {
    var keys = HandmadeToken.newKeys(alg);
    var token = HandmadeToken.of(alg, "k", "anna");
    var verifier = set(HandmadeToken.jwk("k", keys.getPublic()));
    assertThat(nameOf(verifier, token.signed(signer(alg, keys.getPrivate())))).isEqualTo("anna");
    assertRefused(
        verifier,
        token.signed(signer(alg, HandmadeToken.newKeys(alg).getPrivate())),
        "signature is wrong");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
  void algNone_isRefused(String alg) throws Exception {
    var unsigned = HandmadeToken.of(alg, "main", "admin").signed(input -> new byte[0]);
    assertRefused(hmac, unsigned, "");
    assertRefused(rsa, unsigned, "");
    assertRefused(set(), unsigned, "");
    // Two parts, and with a signature of something.
    assertRefused(rsa, unsigned.substring(0, unsigned.length() - 1), "");
    assertRefused(rsa, unsigned + "AAAA", "");
  }

  /** The public key is known to all: it must never count as the secret of an HMAC. */
  @Test
  void publicKeyAsHmacSecret_isRefused() throws Exception {
    var der = RSA.getPublic().getEncoded();
    var base64 = Base64.getEncoder().encodeToString(der);
    var pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
    for (var secret : new byte[][] {der, bytes(base64), bytes(pem)}) {
      for (int bits : new int[] {256, 384, 512}) {
        for (var kid : new String[] {"main", "rsa", null}) {
          var forged = HandmadeToken.of("HS" + bits, kid, "admin").signed(hmac(bits, secret));
          assertRefused(rsa, forged, "no key for the token's alg=HS" + bits);
          assertRefused(set(), forged, "no key for the token's alg=HS" + bits);
        }
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void otherAlgorithmThanTheKeys_isRefused() throws Exception {
    assertRefused(
        hmac,
        HandmadeToken.of("HS256", null, "a").signed(hmac(256, bytes(SECRET))),
        "no key for the token's alg=HS256");
    assertRefused(
        rsa,
        HandmadeToken.of("RS256", "main", "a").signed(signer("RS256", RSA.getPrivate())),
        "no key for the token's alg=RS256");
    var onlyPs = set(HandmadeToken.jwk("k", RSA.getPublic(), ",\"alg\":\"PS256\""));
    assertRefused(
        onlyPs,
        HandmadeToken.of("RS256", "k", "a").signed(signer("RS256", RSA.getPrivate())),
        "no key for the token's alg=RS256");
    // Signed by a key of one kind, in the name of one of another.
    assertRefused(
        set(),
        HandmadeToken.of("ES256", "rsa", "a").signed(signer("ES256", EC.getPrivate())),
        "no key for the token's alg=ES256");
  }

  @ParameterizedTest
  @ValueSource(strings = {",\"use\":\"enc\"", ",\"key_ops\":[\"wrapKey\"]"})
  void keyForEncryption_isNotUsed(String members) throws Exception {
    var verifier =
        set(
            HandmadeToken.jwk("k", RSA.getPublic(), members),
            HandmadeToken.jwk("ec", EC.getPublic()));
    assertRefused(
        verifier,
        HandmadeToken.of("RS256", "k", "a").signed(signer("RS256", RSA.getPrivate())),
        "no key");
  }

  /** Whoever reads the set could sign by it. */
  @Test
  void symmetricKeyOfASet_isNotUsed() throws Exception {
    var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET));
    var verifier =
        set(
            "{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"" + secret + "\"}",
            HandmadeToken.jwk("ec", EC.getPublic()));
    assertRefused(verifier, HandmadeToken.of("HS512", "k", "a").signed(hmac512(SECRET)), "no key");
  }

  @Test
  void unknownKid_isRefused() throws Exception {
    var signer = signer("RS512", RSA.getPrivate());
    assertRefused(rsa, HandmadeToken.of("RS512", "other", "a").signed(signer), "kid=other");
    assertRefused(rsa, HandmadeToken.of("RS512", null, "a").signed(signer), "kid=(none)");
    assertRefused(rsa, HandmadeToken.of("RS512", "../main", "a").signed(signer), "kid=../main");
    assertRefused(set(), HandmadeToken.of("RS512", "other", "a").signed(signer), "kid=other");
  }

  @Test
  void kidWithControlCharacters_doesNotReachTheLogAsSuch() {
    var token = HandmadeToken.of("RS512", "a\\nERROR all is lost\\u001b", "a");
    assertRefused(rsa, token.signed(signer("RS512", RSA.getPrivate())), "kid=a?ERROR?all?is?lost?");
  }

  @Test
  void tokenWithoutKid_isTakenWhereOneKeyFits() throws Exception {
    var token = HandmadeToken.of("ES256", null, "a").signed(signer("ES256", EC.getPrivate()));
    assertThat(nameOf(set(), token)).isEqualTo("a");
    var two =
        set(HandmadeToken.jwk("ec", EC.getPublic()), HandmadeToken.jwk("ec2", EC.getPublic()));
    assertRefused(two, token, "no key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"HS512\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"HS512\",\"crit\":[\"b64\"],\"b64\":true}",
        "{\"alg\":\"HS512\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"HS512\",\"b64\":false}",
        "{\"alg\":\"HS512\",\"crit\":[]}"
      })
  void criticalExtension_isRefused(String header) {
    var token = HandmadeToken.of("HS512", null, "a").withHeader(header);
    assertRefused(hmac, token.signed(hmac512(SECRET)), "");
  }

  @Test
  void tokenThatBringsItsOwnKey_isRefused() throws Exception {
    var own = HandmadeToken.newKeys("RS512");
    var jwk = HandmadeToken.jwk("main", own.getPublic());
    for (var more :
        new String[] {
          "\"jwk\":" + jwk,
          "\"jku\":\"https://attacker.example/keys\"",
          "\"x5u\":\"https://attacker.example/chain\""
        }) {
      for (var kid : new String[] {"main", "rsa"}) {
        var header = "{\"alg\":\"RS512\",\"kid\":\"" + kid + "\"," + more + "}";
        var forged =
            HandmadeToken.of("RS512", kid, "admin")
                .withHeader(header)
                .signed(signer("RS512", own.getPrivate()));
        assertRefused(kid.equals("main") ? rsa : set(), forged, "");
      }
    }
  }

  /** r and s of 0 satisfied a JDK once, whatever was signed. */
  @Test
  void signatureOfZeros_isRefused() throws Exception {
    for (var alg : new String[] {"ES256", "EdDSA"}) {
      var kid = alg.startsWith("ES") ? "ec" : "ed";
      assertRefused(set(), HandmadeToken.of(alg, kid, "admin").signed(input -> new byte[64]), "");
      assertRefused(set(), HandmadeToken.of(alg, kid, "admin").signed(input -> new byte[0]), "");
    }
  }

  @Test
  void changedClaims_areRefused() {
    var parts = HandmadeToken.of("HS512", null, "anna").signed(hmac512(SECRET)).split("\\.");
    var others = HandmadeToken.of("HS512", null, "root").signed(hmac512("another")).split("\\.");
    assertRefused(hmac, parts[0] + "." + others[1] + "." + parts[2], "signature is wrong");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "...", "a.b.c", "a.b", "a.b.c.d.e", "Bearer a.b.c", "=.=.="})
  void textThatIsNoToken_isRefused(String text) {
    assertRefused(hmac, text, "not readable as a signed JWT");
  }

  /** The library would pass over the blanks, and one token have many hashes. */
  @Test
  void signatureWithOtherCharacters_isRefused() {
    var token = HandmadeToken.of("HS512", null, "a").signed(hmac512(SECRET));
    assertRefused(hmac, token + " ", "not readable");
    assertRefused(hmac, token + "=", "not readable");
    assertRefused(hmac, token + "\u00e4", "not readable");
  }

  @Test
  void deeplyNestedHeader_isRefused() {
    var header = "{\"alg\":\"HS512\",\"x\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}";
    var token = HandmadeToken.of("HS512", null, "a").withHeader(header);
    assertRefused(hmac, token.signed(hmac512(SECRET)), "not readable");
  }
}
