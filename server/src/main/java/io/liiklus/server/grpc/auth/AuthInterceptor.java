package io.liiklus.server.grpc.auth;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.security.AuthOptions;
import io.liiklus.server.security.Authenticator;
import io.liiklus.server.security.Identity;
import io.liiklus.server.security.RefusalLog;
import io.liiklus.server.security.Token;
import io.liiklus.server.security.jwt.KeysAwayException;
import io.liiklus.server.security.jwt.RefusedTokenException;
import io.liiklus.server.security.tls.TlsFiles;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Checks the credentials of each call at its head, on its event loop. Where a key has to be fetched
 * first, the call waits, and not the loop. Thread-safe.
 */
public final class AuthInterceptor implements ServerInterceptor, AutoCloseable {

  /** Between two calls of {@link #endExpired}. */
  public static final Duration LOOK = Duration.ofSeconds(5);

  /** Calls that may wait for keys, of all connections. */
  private static final int MAX_WAITING = 10_000;

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Status REFUSED =
      Status.UNAUTHENTICATED.withDescription(
          "the credentials are missing, not valid or no longer valid");

  private static final Status KEYS_AWAY =
      Status.UNAVAILABLE.withDescription(
          "the gateway has no keys to check tokens with so far; it did nothing");

  private static final Status TOO_MANY =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "more than %d calls wait for the keys of tokens; it did nothing".formatted(MAX_WAITING));

  private final AuthOptions options;
  private final boolean isCertificateAsked;
  private final Supplier<EventLoop> currentLoop;

  /** Null: no tokens are asked for. */
  private final Authenticator tokens;

  private final ExpiringStreams streams;
  private final RefusalLog refusals = new RefusalLog();
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param tls whose {@code trustCert} says whether clients need a certificate
   * @param currentLoop the event loop that runs the caller
   */
  public AuthInterceptor(
      AuthOptions options, Optional<TlsFiles> tls, Supplier<EventLoop> currentLoop) {
    this.options = options;
    this.isCertificateAsked = tls.isPresent() && tls.get().trustCert() != null;
    this.currentLoop = currentLoop;
    this.tokens = options.tokens().map(Authenticator::open).orElse(null);
    this.streams = new ExpiringStreams(REFUSED, InstantSource.system());
  }

  /** Gives each connection the identity of its client's certificate. */
  public ServerTransportFilter connections() {
    return ConnectionAuth.filter(this::identity, isCertificateAsked);
  }

  private Optional<Identity> identity(X509Certificate certificate) {
    var name = options.certificateName().of(certificate);
    return name.isEmpty() && options.isNameRequired()
        ? Optional.empty()
        : Optional.of(Identity.ofCertificate(name.orElse("")));
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (options.openServices().contains(call.getMethodDescriptor().getServiceName())) {
      return next.startCall(call, headers);
    }
    var connection = ConnectionAuth.of(call);
    if (connection.certificate() == null) {
      return refuse(call, "the certificate has no " + options.certificateName());
    }
    if (tokens == null) {
      return start(connection.certificate(), call, headers, next);
    }
    try {
      var token = Token.of(headers.getAll(AUTHORIZATION));
      var known = connection.hasWaiting(token) ? null : tokens.known(token);
      return known != null
          ? start(known.over(connection.certificate()), call, headers, next)
          : verify(token, new WaitingCall<>(call, headers, next), connection);
    } catch (RefusedTokenException refused) {
      return refuse(call, refused.getMessage());
    }
  }

  /** In the context of the call. */
  <Q, A> ServerCall.Listener<Q> start(
      Identity identity, ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (identity.principal().isAnonymous()) {
      return next.startCall(call, headers);
    }
    var context = CallIdentity.with(identity);
    var before = context.attach();
    try {
      var listener = next.startCall(call, headers);
      boolean isStream = !call.getMethodDescriptor().getType().serverSendsOneMessage();
      return isStream && identity.canExpire() && options.areStreamsEnded()
          ? streams.add(call, identity, currentLoop.get(), listener)
          : listener;
    } finally {
      context.detach(before);
    }
  }

  private <Q, A> ServerCall.Listener<Q> verify(
      Token token, WaitingCall<Q, A> call, ConnectionAuth connection) {
    if (waiting.get() >= MAX_WAITING) {
      call.refuse(TOO_MANY);
      return call;
    }
    waiting.incrementAndGet();
    boolean isFirst = !connection.hasWaiting(token);
    connection.await(token, call);
    if (isFirst) {
      var loop = currentLoop.get();
      var unused =
          tokens
              .verify(token)
              .whenComplete(
                  (identity, failure) ->
                      onLoop(loop, () -> settle(token, connection, identity, failure)));
    }
    return call;
  }

  private static void onLoop(EventLoop loop, Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closed) {
      // So are the connections of that loop.
    }
  }

  private void settle(
      Token token, ConnectionAuth connection, Identity identity, Throwable failure) {
    var calls = connection.release(token);
    for (var call : calls) {
      waiting.decrementAndGet();
      if (identity != null) {
        call.start(this, identity.over(connection.certificate()));
      } else {
        call.refuse(status(call.call(), failure));
      }
    }
  }

  private Status status(ServerCall<?, ?> call, Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof KeysAwayException) {
      return KEYS_AWAY;
    }
    if (cause instanceof RefusedTokenException refused) {
      log(call, refused.getMessage());
      return REFUSED;
    }
    return Statuses.of(cause);
  }

  private <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, String reason) {
    log(call, reason);
    call.close(REFUSED, NotStored.trailers(call.getMethodDescriptor()));
    return new ServerCall.Listener<>() {};
  }

  private void log(ServerCall<?, ?> call, String reason) {
    refusals.refused(
        call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR),
        call.getMethodDescriptor().getFullMethodName(),
        reason);
  }

  /** Ends the streams whose tokens have expired; called every {@link #LOOK}. */
  public void endExpired() {
    streams.endExpired();
  }

  @Override
  public void close() {
    if (tokens != null) {
      tokens.close();
    }
  }
}
