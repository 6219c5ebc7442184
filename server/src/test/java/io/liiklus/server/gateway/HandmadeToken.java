package io.liiklus.server.gateway;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A JWT that is made by hand, with the JDK's signatures: the library that checks tokens has no part
 * in it. Immutable.
 *
 * @param header as JSON
 * @param claims as JSON
 */
public record HandmadeToken(String header, String claims) {

  private static final Base64.Encoder BASE64_URL = Base64.getUrlEncoder().withoutPadding();

  /** What a signer does with the bytes of header and claims. */
  @FunctionalInterface
  public interface Signer {
    byte[] sign(byte[] input) throws GeneralSecurityException;
  }

  /**
   * With claims that are in force.
   *
   * @param kid null: none
   */
  public static HandmadeToken of(String alg, String kid, String subject) {
    long nowSeconds = Instant.now().getEpochSecond();
    var claims =
        "{\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}".formatted(subject, nowSeconds, nowSeconds + 3600);
    return new HandmadeToken(header(alg, kid), claims);
  }

  public static String header(String alg, String kid) {
    return kid == null
        ? "{\"alg\":\"%s\",\"typ\":\"JWT\"}".formatted(alg)
        : "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(alg, kid);
  }

  public HandmadeToken withClaims(String json) {
    return new HandmadeToken(header, json);
  }

  public HandmadeToken withHeader(String json) {
    return new HandmadeToken(json, claims);
  }

  public String signed(Signer signer) {
    var input = encode(header) + "." + encode(claims);
    try {
      return input + "." + encode(signer.sign(input.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static String encode(String json) {
    return encode(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return BASE64_URL.encodeToString(bytes);
  }

  public static Signer hmac(int bits, byte[] secret) {
    return input -> {
      var mac = Mac.getInstance("HmacSHA" + bits);
      mac.init(new SecretKeySpec(secret, "secret"));
      return mac.doFinal(input);
    };
  }

  public static Signer hmac512(String secret) {
    return hmac(512, secret.getBytes(StandardCharsets.UTF_8));
  }

  /** By the name of the algorithm in JWTs: RS256, PS384, ES512, EdDSA and so on. */
  public static Signer signer(String alg, PrivateKey key) {
    return input -> {
      var bits = alg.substring(2);
      var signature =
          switch (alg.substring(0, 2)) {
            case "RS" -> Signature.getInstance("SHA" + bits + "withRSA");
            case "PS" -> pss(Integer.parseInt(bits));
            case "ES" -> Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
            default -> Signature.getInstance("EdDSA");
          };
      signature.initSign(key);
      signature.update(input);
      return signature.sign();
    };
  }

  private static Signature pss(int bits) throws GeneralSecurityException {
    var hash = "SHA-" + bits;
    var signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), bits / 8, 1));
    return signature;
  }

  /** By the name of the algorithm in JWTs. */
  public static KeyPair newKeys(String alg) {
    try {
      if (alg.startsWith("ES")) {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(jdkCurve(alg)));
        return generator.generateKeyPair();
      } else if (alg.startsWith("Ed")) {
        return KeyPairGenerator.getInstance(alg.equals("EdDSA") ? "Ed25519" : alg)
            .generateKeyPair();
      }
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static String jdkCurve(String alg) {
    return switch (alg) {
      case "ES256" -> "secp256r1";
      case "ES384" -> "secp384r1";
      default -> "secp521r1";
    };
  }

  /** A set of JSON Web Keys. */
  public static String jwks(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  /** The key as a JSON Web Key, for any algorithm of its kind. */
  public static String jwk(String kid, PublicKey key) {
    return jwk(kid, key, "");
  }

  /**
   * @param more members, each behind a comma
   */
  public static String jwk(String kid, PublicKey key, String more) {
    if (key instanceof RSAPublicKey rsa) {
      return "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"%s}"
          .formatted(kid, number(rsa.getModulus(), 0), number(rsa.getPublicExponent(), 0), more);
    } else if (key instanceof ECPublicKey ec) {
      int bits = ec.getParams().getCurve().getField().getFieldSize();
      int bytes = (bits + 7) / 8;
      return "{\"kty\":\"EC\",\"kid\":\"%s\",\"crv\":\"P-%d\",\"x\":\"%s\",\"y\":\"%s\"%s}"
          .formatted(
              kid,
              bits,
              number(ec.getW().getAffineX(), bytes),
              number(ec.getW().getAffineY(), bytes),
              more);
    }
    var encoded = key.getEncoded();
    int bytes = encoded.length > 50 ? 57 : 32;
    var x = Arrays.copyOfRange(encoded, encoded.length - bytes, encoded.length);
    return "{\"kty\":\"OKP\",\"kid\":\"%s\",\"crv\":\"%s\",\"x\":\"%s\"%s}"
        .formatted(kid, bytes == 32 ? "Ed25519" : "Ed448", encode(x), more);
  }

  /**
   * @param leastBytes filled with zeros in front
   */
  private static String number(BigInteger number, int leastBytes) {
    var bytes = number.toByteArray();
    int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
    var magnitude = Arrays.copyOfRange(bytes, from, bytes.length);
    var padded = new byte[Math.max(leastBytes, magnitude.length)];
    System.arraycopy(magnitude, 0, padded, padded.length - magnitude.length, magnitude.length);
    return encode(padded);
  }
}
