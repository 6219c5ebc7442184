package io.liiklus.server.grpc.auth;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.ServerTransportFilter;
import io.liiklus.server.security.Identity;
import io.liiklus.server.security.Token;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What a connection's calls share: the identity that the client's certificate proves, and the calls
 * that wait until their token is checked. Confined to the connection's event loop.
 *
 * <p>Calls of one token wait in one queue, and start in the order in which they came: records of
 * one connection keep their order.
 */
final class ConnectionAuth {

  private static final Attributes.Key<ConnectionAuth> KEY = Attributes.Key.create("credentials");

  /** Null: a certificate was asked for, and proves none. */
  private final Identity certificate;

  private final Map<Token.Hash, Queue<WaitingCall<?, ?>>> waiting = new HashMap<>();

  private ConnectionAuth(Identity certificate) {
    this.certificate = certificate;
  }

  /**
   * @param identities of certificates; empty for one without a name that is needed
   * @param isAsked whether clients need a certificate
   */
  static ServerTransportFilter filter(
      Function<X509Certificate, Optional<Identity>> identities, boolean isAsked) {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        var identity =
            isAsked ? certificate(attributes).flatMap(identities).orElse(null) : Identity.ANONYMOUS;
        return attributes.toBuilder().set(KEY, new ConnectionAuth(identity)).build();
      }
    };
  }

  private static Optional<X509Certificate> certificate(Attributes attributes) {
    SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null && session.getPeerCertificates()[0] instanceof X509Certificate first
          ? Optional.of(first)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException withoutOne) {
      return Optional.empty();
    }
  }

  static ConnectionAuth of(ServerCall<?, ?> call) {
    return call.getAttributes().get(KEY);
  }

  Identity certificate() {
    return certificate;
  }

  /** Whether calls with this token wait. */
  boolean hasWaiting(Token token) {
    return waiting.containsKey(token.hash());
  }

  void await(Token token, WaitingCall<?, ?> call) {
    waiting.computeIfAbsent(token.hash(), unused -> new ArrayDeque<>()).add(call);
  }

  /** The calls that waited for this token, in their order; they do so no more. */
  Iterable<WaitingCall<?, ?>> release(Token token) {
    return waiting.remove(token.hash());
  }
}
