package io.liiklus.server.security.tls;

import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/** TLS context that can be replaced: connections keep the one that they began with. Thread-safe. */
final class ReloadingSslContext extends SslContext {

  private volatile SslContext current;

  ReloadingSslContext(SslContext first) {
    current = first;
  }

  /** New connections use this one. */
  void replace(SslContext next) {
    current = next;
  }

  /** Netty's own reading of PEM, which only contexts can call. */
  static X509Certificate[] certificates(InputStream pem) throws GeneralSecurityException {
    return toX509Certificates(pem);
  }

  /**
   * Reads the private key; failures as those of {@link #certificates}.
   *
   * @param password null: the key is not encrypted
   */
  static PrivateKey privateKey(InputStream pem, String password)
      throws GeneralSecurityException, IOException {
    return toPrivateKey(pem, password);
  }

  @Override
  public boolean isClient() {
    return current.isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return current.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // The class requires a session context.
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return current.newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return current.newEngine(allocator, peerHost, peerPort);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current.sessionContext();
  }
}
