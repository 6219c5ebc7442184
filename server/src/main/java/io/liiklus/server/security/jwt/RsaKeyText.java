package io.liiklus.server.security.jwt;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads an RSA public key in the form of X.509: PEM, with or without its BEGIN and END lines, in
 * one line or in many. Line breaks may also be written as {@code \n}, as in files of environment
 * variables.
 */
public final class RsaKeyText {

  private static final Pattern FRAME =
      Pattern.compile("-----(?:BEGIN|END) PUBLIC KEY-----|\\s|\\\\[nr]");

  private RsaKeyText() {}

  /** Empty where the text is no such key. */
  public static Optional<RSAPublicKey> parse(String text) {
    try {
      var encoded = Base64.getDecoder().decode(FRAME.matcher(text).replaceAll(""));
      var key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
      return Optional.of((RSAPublicKey) key);
    } catch (GeneralSecurityException | IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }
}
