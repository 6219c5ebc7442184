package io.liiklus.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A connection to a gateway, all of whose answers come on the client's loop. Thread-safe. */
final class GatewayChannel implements AutoCloseable {

  private static final long CLOSE_MS = 1_000;
  private static final long KEEP_ALIVE_TIMEOUT_MS = 10_000;

  private final ScheduledExecutorService loop;
  private final ManagedChannel channel;
  private final CallOptions options;
  private final AddressTurn turn;

  private GatewayChannel(
      ManagedChannel channel,
      CallOptions options,
      AddressTurn turn,
      ScheduledExecutorService loop) {
    this.channel = channel;
    this.options = options;
    this.turn = turn;
    this.loop = loop;
  }

  // A resolver of one channel alone has no other way in.
  @SuppressWarnings("deprecation")
  static GatewayChannel open(LiiklusClient.Builder options, ScheduledExecutorService loop) {
    var turn = new AddressTurn(options.addresses());
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(AddressResolver.TARGET, options.credentials())
            .nameResolverFactory(AddressResolver.factory(turn))
            .executor(loop)
            // A call that is sent a second time would overtake those behind it.
            .disableRetry()
            .maxInboundMessageSize(options.maxReplyBytes())
            .keepAliveTime(options.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    var calls =
        options.token() == null
            ? CallOptions.DEFAULT
            : CallOptions.DEFAULT.withCallCredentials(new TokenCredentials(options.token()));
    return new GatewayChannel(builder.build(), calls, turn, loop);
  }

  /** For calls of the user's own. */
  Channel channel() {
    return ClientInterceptors.intercept(
        channel,
        new ClientInterceptor() {
          @Override
          public <Q, A> ClientCall<Q, A> interceptCall(
              MethodDescriptor<Q, A> method, CallOptions chosen, Channel next) {
            var credentials = options.getCredentials();
            return next.newCall(
                method,
                credentials == null || chosen.getCredentials() != null
                    ? chosen
                    : chosen.withCallCredentials(credentials));
          }
        });
  }

  boolean hasToken() {
    return options.getCredentials() != null;
  }

  <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method) {
    return channel.newCall(method, options);
  }

  <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, long timeoutMs) {
    return channel.newCall(method, options.withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS));
  }

  /** Which of the gateways comes first, for {@link #leave}. */
  int turn() {
    return turn.number();
  }

  /**
   * A call that began at this turn was ended by its gateway, as one that drains: the next call has
   * a new connection, to another one if more are known. Calls that are open stay where they are.
   */
  void leave(int began) {
    if (turn.next(began)) {
      channel.enterIdle();
    }
  }

  /** Lets the next call connect at once, without the channel's own backoff. */
  void forgetBackoff() {
    channel.resetConnectBackoff();
  }

  /** Runs a task on the loop; not where the client is closed. */
  void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closed) {
      // So are all calls.
    }
  }

  /** Runs a task on the loop later; not where the client is closed. */
  void schedule(Runnable task, long delayMs) {
    try {
      var unused = loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // So are all calls.
    }
  }

  @Override
  public void close() {
    try {
      channel.shutdownNow().awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
