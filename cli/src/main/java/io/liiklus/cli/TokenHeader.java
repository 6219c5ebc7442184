package io.liiklus.cli;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/** Sends the token with each call. Thread-safe. */
final class TokenHeader implements ClientInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final BearerToken token;

  TokenHeader(BearerToken token) {
    this.token = token;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        var used = token.text();
        headers.put(AUTHORIZATION, "Bearer " + used);
        super.start(new Watched<>(listener, used), headers);
      }
    };
  }

  /**
   * Makes a refusal one that is tried again, where there is another token by then: that of a stream
   * has expired, and its issuer has put the next one into the file. Confined to the call's thread.
   */
  private final class Watched<A> extends SimpleForwardingClientCallListener<A> {
    private final String used;

    private Watched(ClientCall.Listener<A> listener, String used) {
      super(listener);
      this.used = used;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      boolean isRetried = status.getCode() == Status.Code.UNAUTHENTICATED && token.isReplaced(used);
      super.onClose(
          isRetried ? Status.UNAVAILABLE.withDescription("the token was replaced") : status,
          trailers);
    }
  }
}
