package io.liiklus.server.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Keys that stand in the settings. Immutable. */
final class FixedKeys implements VerificationKeys {

  private static final CompletionStage<Void> NOTHING_NEW = CompletableFuture.completedStage(null);

  /** Length from which on the library takes a secret for HS512. */
  private static final int LEAST_SECRET_BYTES = 64;

  private final Function<JWSHeader, VerificationKey> finder;

  private FixedKeys(Function<JWSHeader, VerificationKey> finder) {
    this.finder = finder;
  }

  /** One secret for HS512, whatever key id tokens name. */
  static FixedKeys hmac512(String secret) {
    var bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < LEAST_SECRET_BYTES) {
      // RFC 2104 fills a key that is shorter than a block (128 bytes) with zeros: the same HMAC.
      bytes = Arrays.copyOf(bytes, LEAST_SECRET_BYTES);
    }
    try {
      var key = new VerificationKey(null, Set.of(JWSAlgorithm.HS512), new MACVerifier(bytes));
      return new FixedKeys(header -> key);
    } catch (JOSEException tooShort) {
      throw new IllegalArgumentException(tooShort);
    }
  }

  /** Keys for RS512 by their ids; a token has to name one. */
  static FixedKeys rsa512(Map<String, RSAPublicKey> keys) {
    var byId =
        keys.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, FixedKeys::rsa512));
    return new FixedKeys(header -> header.getKeyID() == null ? null : byId.get(header.getKeyID()));
  }

  private static VerificationKey rsa512(Map.Entry<String, RSAPublicKey> key) {
    return new VerificationKey(
        key.getKey(), Set.of(JWSAlgorithm.RS512), new RSASSAVerifier(key.getValue()));
  }

  @Override
  public Optional<VerificationKey> find(JWSHeader header) {
    return Optional.ofNullable(finder.apply(header)).filter(key -> key.fits(header));
  }

  @Override
  public CompletionStage<Void> refresh() {
    return NOTHING_NEW;
  }

  @Override
  public boolean areAway() {
    return false;
  }

  @Override
  public Object generation() {
    return this;
  }

  @Override
  public void close() {}
}
