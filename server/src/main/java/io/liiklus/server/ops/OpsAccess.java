package io.liiklus.server.ops;

import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNames;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.liiklus.api.Settings;
import io.liiklus.server.security.tls.TlsReload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Who may read the pages of the HTTP port. Immutable.
 *
 * @param isTls whether the port has the TLS of the gRPC port; clients need no certificate here,
 *     since few probes and scrapers have one
 * @param token what all pages but those of the health want; empty: nothing
 */
public record OpsAccess(boolean isTls, String token) {

  private static final String SCHEME = "Bearer ";

  static OpsAccess read(Settings server) {
    var token = server.text("token");
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      server.refuse("token", "has characters that a header cannot carry; visible ASCII, no blanks");
    }
    boolean isTls = server.flag("tls");
    if (!token.isEmpty() && !isTls) {
      server.warn("token", "comes over plain text; set server.tls = true");
    }
    return new OpsAccess(isTls, token);
  }

  /** Empty: plain text. */
  Optional<SslContext> context(Optional<TlsReload> tls) throws IOException {
    if (!isTls || tls.isEmpty()) {
      return Optional.empty();
    }
    var http =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_1_1);
    return Optional.of(
        tls.get().context(false, builder -> builder.applicationProtocolConfig(http)));
  }

  /** Whether a request may read what is not open to all. */
  boolean permits(HttpRequest request) {
    if (token.isEmpty()) {
      return true;
    }
    var values = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
    if (values.size() != 1 || !values.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    var given = values.get(0).substring(SCHEME.length()).strip();
    // Takes as long for a wrong token as for the right one.
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "OpsAccess[isTls=" + isTls + "]";
  }
}
