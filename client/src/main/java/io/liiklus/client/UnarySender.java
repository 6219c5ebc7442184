package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishError;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.util.List;

/**
 * Publish calls, for a gateway without PublishStream. Each failure is the result of its record.
 * Confined to the loop.
 */
final class UnarySender implements Sender {

  private static final int MAX_CALLS = 256;

  /** Of a type whose calls are notified when they are ready, which gRPC keeps from unary ones. */
  private static final MethodDescriptor<PublishRequest, PublishReply> METHOD =
      LiiklusServiceGrpc.getPublishMethod().toBuilder().setType(MethodType.BIDI_STREAMING).build();

  private final GatewayChannel channel;
  private final Owner owner;
  private final long timeoutMs;
  private int calls;

  UnarySender(GatewayChannel channel, Owner owner, long timeoutMs) {
    this.channel = channel;
    this.owner = owner;
    this.timeoutMs = timeoutMs;
  }

  @Override
  public int maxRecords() {
    return 1;
  }

  @Override
  public boolean canSend() {
    return calls < MAX_CALLS;
  }

  @Override
  public void send(List<PendingRecord> batch) {
    calls++;
    new Publish(batch).start();
  }

  @Override
  public void close() {}

  /** One call. Its record is sent once there is a connection. Confined to the loop. */
  private final class Publish extends ClientCall.Listener<PublishReply> {

    private final List<PendingRecord> batch;
    private final ClientCall<PublishRequest, PublishReply> call;
    private boolean isSent;
    private PublishReply reply;

    private Publish(List<PendingRecord> batch) {
      this.batch = batch;
      this.call = channel.call(METHOD, timeoutMs);
    }

    private void start() {
      call.start(this, new Metadata());
      // One more than comes, so that the end of the call is reported at once.
      call.request(2);
      sendWhenReady();
    }

    @Override
    public void onReady() {
      sendWhenReady();
    }

    private void sendWhenReady() {
      if (!isSent && call.isReady()) {
        isSent = true;
        call.sendMessage(batch.get(0).request());
        call.halfClose();
      }
    }

    @Override
    public void onMessage(PublishReply stored) {
      reply = stored;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      calls--;
      var result = PublishResult.newBuilder();
      if (status.isOk() && reply != null) {
        result.setReply(reply);
      } else {
        boolean isSure = !isSent || Sender.isNotStored(trailers);
        result.setError(
            PublishError.newBuilder()
                .setCode(status.getCode().value())
                .setMessage(String.valueOf(status.getDescription()))
                .setNotStored(isSure));
      }
      owner.onResults(batch, List.of(result.build()));
    }
  }
}
