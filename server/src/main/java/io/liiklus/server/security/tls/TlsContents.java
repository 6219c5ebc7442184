package io.liiklus.server.security.tls;

import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Contents of the PEM files of TLS at one time. Immutable.
 *
 * @param keyPassword null: the key is not encrypted
 * @param trustCert null: clients need no certificate
 */
record TlsContents(String keyCertChain, String key, String keyPassword, String trustCert) {

  /** By the kind of key. A key of another kind is not compared with its certificate. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "Ed25519", "EdDSA");

  private static final String KEY = "grpc.tls.key";

  /** Older ones have known weaknesses (RFC 8996). */
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  private static final byte[] SAMPLE = "liiklus".getBytes(StandardCharsets.US_ASCII);

  /**
   * Makes the TLS context of connections.
   *
   * @param asksClients whether clients need a certificate, where there are some to trust
   * @param protocol adds what is spoken above TLS
   * @throws IOException where the contents cannot be used, with the setting's name and the reason
   */
  SslContext context(boolean asksClients, UnaryOperator<SslContextBuilder> protocol)
      throws IOException {
    var parsed = parse();
    var builder = protocol.apply(SslContextBuilder.forServer(parsed.privateKey, parsed.chain));
    if (asksClients && parsed.trusted != null) {
      builder.trustManager(parsed.trusted).clientAuth(ClientAuth.REQUIRE);
    }
    return builder.protocols(VERSIONS).build();
  }

  /**
   * A key with the certificates of it and of those that clients need.
   *
   * @param trusted null: clients need no certificate
   */
  @SuppressWarnings("ArrayRecordComponent") // As Netty takes them; it is never compared.
  record Parsed(PrivateKey privateKey, X509Certificate[] chain, X509Certificate[] trusted) {}

  /**
   * Reads the contents.
   *
   * @throws UnusableTlsException where they cannot be used
   */
  Parsed parse() throws UnusableTlsException {
    var chain = certificates("grpc.tls.keyCertChain", keyCertChain);
    var privateKey = privateKey();
    if (!fits(privateKey, chain[0])) {
      throw new UnusableTlsException(
          KEY, "does not belong to the first certificate of grpc.tls.keyCertChain", null);
    }
    var trusted = trustCert == null ? null : certificates("grpc.tls.trustCert", trustCert);
    return new Parsed(privateKey, chain, trusted);
  }

  private static X509Certificate[] certificates(String setting, String pem)
      throws UnusableTlsException {
    try {
      return ReloadingSslContext.certificates(stream(pem));
    } catch (GeneralSecurityException | IllegalArgumentException failure) {
      throw new UnusableTlsException(
          setting, "holds no certificates in PEM, or damaged ones", failure);
    }
  }

  private PrivateKey privateKey() throws UnusableTlsException {
    try {
      var found = ReloadingSslContext.privateKey(stream(key), keyPassword);
      if (found != null) {
        return found;
      }
    } catch (GeneralSecurityException | IOException | IllegalArgumentException failure) {
      throw new UnusableTlsException(KEY, unreadableKey(), failure);
    }
    throw new UnusableTlsException(KEY, unreadableKey(), null);
  }

  private String unreadableKey() {
    return "holds no RSA or EC key in PEM (PKCS 8), or grpc.tls.keyPassword is "
        + (keyPassword == null ? "missing" : "not its password");
  }

  private static boolean fits(PrivateKey key, X509Certificate certificate) {
    var algorithm = SIGNATURES.get(key.getAlgorithm());
    if (algorithm == null) {
      return true;
    }
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(SAMPLE);
      var signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (GeneralSecurityException ofAnotherKind) {
      return false;
    }
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "TlsContents[]";
  }
}
