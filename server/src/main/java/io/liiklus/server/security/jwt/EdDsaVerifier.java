package io.liiklus.server.security.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/**
 * Ed25519 and Ed448 by the JDK; the library has them by a further library only. Immutable.
 *
 * <p>RFC 8037 names the algorithm EdDSA, whatever the curve; RFC 9864 by the curve.
 */
final class EdDsaVerifier implements JWSVerifier {

  /** How X.509 begins for a key of the curve (RFC 8410); its bytes follow. */
  private enum Form {
    ED25519("302a300506032b6570032100", 32, JWSAlgorithm.Ed25519),
    ED448("3043300506032b6571033a00", 57, JWSAlgorithm.Ed448);

    private final String prefix;
    private final int keyBytes;

    @SuppressWarnings("ImmutableEnumChecker") // An algorithm is a name.
    private final JWSAlgorithm algorithm;

    Form(String prefix, int keyBytes, JWSAlgorithm algorithm) {
      this.prefix = prefix;
      this.keyBytes = keyBytes;
      this.algorithm = algorithm;
    }
  }

  private final PublicKey key;
  private final Form form;

  /**
   * @throws GeneralSecurityException where the key is none of these curves
   */
  EdDsaVerifier(OctetKeyPair jwk) throws GeneralSecurityException {
    form = form(jwk.getCurve());
    var bytes = jwk.getDecodedX();
    if (bytes.length != form.keyBytes) {
      throw new GeneralSecurityException("a key of another length than its curve's");
    }
    var encoded = HexFormat.of().parseHex(form.prefix + HexFormat.of().formatHex(bytes));
    key = KeyFactory.getInstance("EdDSA").generatePublic(new X509EncodedKeySpec(encoded));
    // Finds a point that is not on the curve.
    Signature.getInstance("EdDSA").initVerify(key);
  }

  private static Form form(Curve curve) throws GeneralSecurityException {
    if (Curve.Ed25519.equals(curve)) {
      return Form.ED25519;
    } else if (Curve.Ed448.equals(curve)) {
      return Form.ED448;
    }
    throw new GeneralSecurityException("a curve that does not sign");
  }

  Set<JWSAlgorithm> algorithms() {
    return Set.of(JWSAlgorithm.EdDSA, form.algorithm);
  }

  @Override
  public boolean verify(JWSHeader header, byte[] input, Base64URL signature) {
    try {
      var check = Signature.getInstance("EdDSA");
      check.initVerify(key);
      check.update(input);
      return check.verify(signature.decode());
    } catch (SignatureException noSignature) {
      return false;
    } catch (GeneralSecurityException unknown) {
      throw new IllegalStateException(unknown);
    }
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return algorithms();
  }

  @Override
  public JCAContext getJCAContext() {
    return new JCAContext();
  }
}
