package io.liiklus.server.gateway;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A PublishStream that is written and read as the test says. Thread-safe. */
public final class BatchStream implements AutoCloseable {

  private static final Metadata.Key<String> STORED =
      Metadata.Key.of("liiklus-stored", Metadata.ASCII_STRING_MARSHALLER);

  private record End(Status status, Metadata trailers) {}

  private final ClientCall<PublishBatchRequest, PublishBatchReply> call;
  private final BlockingQueue<PublishBatchReply> replies = new LinkedBlockingQueue<>();
  private final CompletableFuture<End> end = new CompletableFuture<>();

  private BatchStream(ClientCall<PublishBatchRequest, PublishBatchReply> call) {
    this.call = call;
  }

  /** Reads all replies as they come. */
  public static BatchStream open(Channel channel) {
    var stream = openUnread(channel, new Metadata());
    stream.request(Integer.MAX_VALUE);
    return stream;
  }

  /** Reads no reply until it is told to. */
  public static BatchStream openUnread(Channel channel, Metadata headers) {
    var method = LiiklusServiceGrpc.getPublishStreamMethod();
    var stream = new BatchStream(channel.newCall(method, CallOptions.DEFAULT));
    stream.call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(PublishBatchReply reply) {
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

  public void send(PublishRequest... records) {
    send(List.of(records));
  }

  public void send(List<PublishRequest> records) {
    call.sendMessage(PublishBatchRequest.newBuilder().addAllRequests(records).build());
  }

  public void halfClose() {
    call.halfClose();
  }

  public void request(int count) {
    call.request(count);
  }

  /** The results of the next request. */
  public List<PublishResult> next() {
    try {
      var reply = replies.poll(GatewayClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (reply == null) {
        throw new AssertionError("no reply came; end: " + end.getNow(null));
      }
      return reply.getResultsList();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Number of replies that have come and were not taken. */
  public int arrived() {
    return replies.size();
  }

  public boolean isEnded() {
    return end.isDone();
  }

  /** How the stream ended, once it has. */
  public Status status() {
    return end().status();
  }

  /** Whether the end says that all without a reply is not stored. */
  public boolean isRestNotStored() {
    return "no".equals(end().trailers().get(STORED));
  }

  private End end() {
    try {
      return end.get(GatewayClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception open) {
      throw new AssertionError("the stream is still open; untaken: " + replies.size(), open);
    }
  }

  @Override
  public void close() {
    call.cancel("the test is done with it", null);
  }
}
