package io.liiklus.server.gateway;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Makes clients whose calls have authorization headers. */
public final class BearerClient {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private BearerClient() {}

  public static GatewayClient open(int port, String token) {
    return open(port, () -> token);
  }

  /** With the token that there is when a call begins. */
  public static GatewayClient open(int port, Supplier<String> token) {
    return new GatewayClient(port, headers(() -> List.of("Bearer " + token.get())));
  }

  /** With these values of the header, however many they are. */
  public static GatewayClient withHeaders(int port, String... values) {
    return new GatewayClient(port, headers(() -> Arrays.asList(values)));
  }

  /** Adds the headers to each call. */
  public static ClientInterceptor headers(Supplier<List<String>> values) {
    return new ClientInterceptor() {
      @Override
      public <Q, A> ClientCall<Q, A> interceptCall(
          MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
          @Override
          public void start(Listener<A> listener, Metadata headers) {
            values.get().forEach(value -> headers.put(AUTHORIZATION, value));
            super.start(listener, headers);
          }
        };
      }
    };
  }
}
