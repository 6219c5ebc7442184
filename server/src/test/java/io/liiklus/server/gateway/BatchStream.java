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

/** A PublishStream that is written and read as the test says. Thread-safe. */
public final class BatchStream implements AutoCloseable {

  private static final Metadata.Key<String> STORED =
      Metadata.Key.of("liiklus-stored", Metadata.ASCII_STRING_MARSHALLER);

  private final ClientCall<PublishBatchRequest, PublishBatchReply> call;
  private final GatewayStream<PublishBatchReply> replies;

  private BatchStream(ClientCall<PublishBatchRequest, PublishBatchReply> call, Metadata headers) {
    this.call = call;
    this.replies = GatewayStream.start(call, headers);
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
    return new BatchStream(channel.newCall(method, CallOptions.DEFAULT), headers);
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
    replies.request(count);
  }

  /** The results of the next request. */
  public List<PublishResult> next() {
    return replies.next().getResultsList();
  }

  /** Number of replies that have come and were not taken. */
  public int arrived() {
    return replies.arrived().size();
  }

  public boolean isEnded() {
    return replies.isEnded();
  }

  /** How the stream ended, once it has. */
  public Status status() {
    return replies.status();
  }

  /** Whether the end says that all without a reply is not stored. */
  public boolean isRestNotStored() {
    return "no".equals(replies.trailers().get(STORED));
  }

  @Override
  public void close() {
    replies.close();
  }
}
