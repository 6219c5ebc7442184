package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One PublishStream. Sends only once there is a connection: what a call without one was given would
 * end with it, and nobody knew whether it was stored. Confined to the loop.
 */
final class StreamSender extends ClientCall.Listener<PublishBatchReply> implements Sender {

  private final Owner owner;
  private final int maxBatches;
  private final ClientCall<PublishBatchRequest, PublishBatchReply> call;

  /** Batches without results, in their order. */
  private final Deque<List<PendingRecord>> out = new ArrayDeque<>();

  private boolean isClosed;

  private StreamSender(GatewayChannel channel, Owner owner, int maxBatches) {
    this.owner = owner;
    this.maxBatches = maxBatches;
    this.call = channel.call(LiiklusServiceGrpc.getPublishStreamMethod());
  }

  static StreamSender open(GatewayChannel channel, Owner owner, int maxBatches) {
    var sender = new StreamSender(channel, owner, maxBatches);
    sender.call.start(sender, new Metadata());
    // As many replies as may come.
    sender.call.request(maxBatches);
    return sender;
  }

  @Override
  public int maxRecords() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean canSend() {
    return !isClosed && out.size() < maxBatches && call.isReady();
  }

  @Override
  public void send(List<PendingRecord> batch) {
    var request = PublishBatchRequest.newBuilder();
    batch.forEach(record -> request.addRequests(record.request()));
    out.add(batch);
    call.sendMessage(request.build());
  }

  @Override
  public void onHeaders(Metadata headers) {
    owner.onConnected();
  }

  @Override
  public void onReady() {
    owner.onReady();
  }

  @Override
  public void onMessage(PublishBatchReply reply) {
    var batch = out.poll();
    if (batch == null || batch.size() != reply.getResultsCount()) {
      if (batch != null) {
        out.addFirst(batch);
      }
      call.cancel("a reply does not fit the request", null);
      return;
    }
    call.request(1);
    owner.onResults(batch, reply.getResultsList());
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    isClosed = true;
    boolean isSure = Sender.isNotStored(trailers) || status.getCode() == Status.Code.UNIMPLEMENTED;
    var left = new ArrayList<>(out);
    out.clear();
    owner.onEnd(this, status, isSure, left);
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      call.halfClose();
    }
  }
}
