package io.liiklus.server.gateway;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A stream of replies that is read as the test says. Thread-safe. */
public final class GatewayStream<R> implements AutoCloseable {

  private record End(Status status, Metadata trailers) {}

  private final ClientCall<?, R> call;
  private final BlockingQueue<R> replies = new LinkedBlockingQueue<>();
  private final CompletableFuture<End> end = new CompletableFuture<>();

  private GatewayStream(ClientCall<?, R> call) {
    this.call = call;
  }

  public static <Q, R> GatewayStream<R> open(
      Channel channel, MethodDescriptor<Q, R> method, Q request) {
    return open(channel.newCall(method, CallOptions.DEFAULT), new Metadata(), List.of(request));
  }

  /** As no good client would: with any number of requests. */
  public static <Q, R> GatewayStream<R> open(
      ClientCall<Q, R> call, Metadata headers, List<Q> requests) {
    var stream = start(call, headers);
    requests.forEach(call::sendMessage);
    call.halfClose();
    return stream;
  }

  /** Of a call whose requests the caller sends. */
  static <Q, R> GatewayStream<R> start(ClientCall<Q, R> call, Metadata headers) {
    var stream = new GatewayStream<>(call);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(R reply) {
            stream.replies.add(reply);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            stream.end.complete(new End(status, trailers));
          }
        },
        headers);
    return stream;
  }

  public void request(int replies) {
    call.request(replies);
  }

  /** The next reply, which must have been requested. */
  public R next() {
    try {
      var reply = replies.poll(GatewayClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (reply == null) {
        throw new AssertionError("no reply came; end: " + end.getNow(null));
      }
      return reply;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Requests so many replies and waits for them. */
  public List<R> take(int count) {
    request(count);
    var taken = new ArrayList<R>();
    for (int i = 0; i < count; i++) {
      taken.add(next());
    }
    return taken;
  }

  /** What has come so far and was not taken. */
  public List<R> arrived() {
    return List.copyOf(replies);
  }

  /** The next reply that has come, or null. */
  public R poll() {
    return replies.poll();
  }

  /** Takes all that has come. */
  public void drainTo(Consumer<R> consumer) {
    for (var reply = replies.poll(); reply != null; reply = replies.poll()) {
      consumer.accept(reply);
    }
  }

  public boolean isEnded() {
    return end.isDone();
  }

  /** How the stream ended, once it has. */
  public Status status() {
    return end().status();
  }

  /** What came with the end, once it has. */
  Metadata trailers() {
    return end().trailers();
  }

  private End end() {
    try {
      return end.get(GatewayClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException open) {
      throw new AssertionError("the stream is still open; untaken: " + replies.size(), open);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    call.cancel("the test is done with it", null);
  }
}
