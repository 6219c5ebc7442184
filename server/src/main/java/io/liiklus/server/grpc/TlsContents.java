package io.liiklus.server.grpc;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
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

/**
 * What the PEM files of TLS held at one time. Immutable.
 *
 * @param keyPassword null: the key is not encrypted
 * @param trustCert null: clients need no certificate
 */
record TlsContents(String keyCertChain, String key, String keyPassword, String trustCert) {

  /** By the kind of key. A key of another kind is not compared with its certificate. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "Ed25519", "EdDSA");

  private static final byte[] SAMPLE = "liiklus".getBytes(StandardCharsets.US_ASCII);

  /**
   * Makes what connections are served with.
   *
   * @throws IOException where the contents cannot be used, with the setting's name and the reason
   */
  SslContext context() throws IOException {
    var chain = certificates("grpc.tls.keyCertChain", keyCertChain);
    var privateKey = privateKey();
    if (!fits(privateKey, chain[0])) {
      throw new IOException(
          "grpc.tls.key: does not belong to the first certificate of grpc.tls.keyCertChain");
    }
    var builder = GrpcSslContexts.configure(SslContextBuilder.forServer(privateKey, chain));
    if (trustCert != null) {
      builder
          .trustManager(certificates("grpc.tls.trustCert", trustCert))
          .clientAuth(ClientAuth.REQUIRE);
    }
    return builder.build();
  }

  private static X509Certificate[] certificates(String setting, String pem) throws IOException {
    try {
      return ReloadingSslContext.certificates(stream(pem));
    } catch (GeneralSecurityException | IllegalArgumentException failure) {
      throw new IOException(setting + ": holds no certificates in PEM, or damaged ones", failure);
    }
  }

  private PrivateKey privateKey() throws IOException {
    try {
      var found = ReloadingSslContext.privateKey(stream(key), keyPassword);
      if (found != null) {
        return found;
      }
    } catch (GeneralSecurityException | IOException | IllegalArgumentException failure) {
      throw new IOException(unreadableKey(), failure);
    }
    throw new IOException(unreadableKey());
  }

  private String unreadableKey() {
    return "grpc.tls.key: holds no RSA or EC key in PEM (PKCS 8), or grpc.tls.keyPassword is "
        + (keyPassword == null ? "missing" : "not its password");
  }

  private static boolean fits(PrivateKey key, X509Certificate certificate) throws IOException {
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
