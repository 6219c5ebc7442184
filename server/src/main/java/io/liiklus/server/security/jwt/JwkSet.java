package io.liiklus.server.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keys of a JSON Web Key Set (RFC 7517) that tokens may be signed by. Immutable.
 *
 * <p>Symmetric keys are none: whoever can read the set could sign by them.
 *
 * @param members of the document, to see whether it has changed; their order means nothing
 * @param skipped number of keys that cannot be used
 */
record JwkSet(Set<Map<String, Object>> members, List<VerificationKey> keys, int skipped) {

  /** Sets in use have fewer than ten. */
  private static final int MAX_KEYS = 200;

  /** Shorter RSA keys can be broken (RFC 7518, 3.3). */
  private static final int LEAST_RSA_BITS = 2048;

  private static final Set<JWSAlgorithm> RSA =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512);

  private static final Set<JWSAlgorithm> EC =
      Set.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512);

  /**
   * @throws ParseException where the text is no set, or has no key that can be used
   */
  static JwkSet parse(String text) throws ParseException {
    var members = JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(text), "keys");
    if (members == null || members.length > MAX_KEYS) {
      throw new ParseException("no list \"keys\", or one with more than " + MAX_KEYS, 0);
    }
    var keys = new ArrayList<VerificationKey>();
    for (var member : members) {
      key(member).ifPresent(keys::add);
    }
    if (keys.isEmpty()) {
      throw new ParseException("no key for signatures of RS, PS, ES or EdDSA in it", 0);
    }
    return new JwkSet(
        new HashSet<>(Arrays.asList(members)), List.copyOf(keys), members.length - keys.size());
  }

  /** Empty where tokens are not checked by it, or where it is damaged. */
  private static Optional<VerificationKey> key(Map<String, Object> member) {
    try {
      var jwk = JWK.parse(member);
      boolean isForSignatures = jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse());
      var operations = jwk.getKeyOperations();
      boolean isToVerify = operations == null || operations.contains(KeyOperation.VERIFY);
      return isForSignatures && isToVerify ? of(jwk) : Optional.empty();
    } catch (ParseException
        | JOSEException
        | GeneralSecurityException
        | RuntimeException unusable) {
      return Optional.empty();
    }
  }

  private static Optional<VerificationKey> of(JWK jwk)
      throws JOSEException, GeneralSecurityException {
    if (jwk instanceof RSAKey rsa) {
      var verifier = new RSASSAVerifier(rsa.toRSAPublicKey());
      return rsa.size() < LEAST_RSA_BITS
          ? Optional.empty()
          : restricted(jwk, RSA, id -> new VerificationKey(jwk.getKeyID(), id, verifier));
    } else if (jwk instanceof ECKey ec) {
      var verifier = new ECDSAVerifier(ec.toECPublicKey());
      var ofCurve = new HashSet<>(verifier.supportedJWSAlgorithms());
      ofCurve.retainAll(EC);
      return restricted(jwk, ofCurve, id -> new VerificationKey(jwk.getKeyID(), id, verifier));
    } else if (jwk instanceof OctetKeyPair octets) {
      var verifier = new EdDsaVerifier(octets);
      return restricted(
          jwk, verifier.algorithms(), id -> new VerificationKey(jwk.getKeyID(), id, verifier));
    }
    return Optional.empty();
  }

  private interface Maker {
    VerificationKey make(Set<JWSAlgorithm> algorithms);
  }

  /** Where the key names its algorithm, it is used with no other. */
  private static Optional<VerificationKey> restricted(
      JWK jwk, Set<JWSAlgorithm> possible, Maker maker) {
    var named = jwk.getAlgorithm();
    var algorithms = new HashSet<>(possible);
    if (named != null) {
      algorithms.removeIf(algorithm -> !algorithm.getName().equals(named.getName()));
    }
    return algorithms.isEmpty()
        ? Optional.empty()
        : Optional.of(maker.make(Set.copyOf(algorithms)));
  }

  /** The key that a header names; where it names none, the only one that fits. */
  Optional<VerificationKey> find(JWSHeader header) {
    var id = header.getKeyID();
    var fitting =
        keys.stream()
            .filter(key -> key.fits(header) && (id == null || id.equals(key.id())))
            .limit(2)
            .toList();
    return id == null && fitting.size() > 1 ? Optional.empty() : fitting.stream().findFirst();
  }
}
