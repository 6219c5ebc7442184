package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;

/** A partition by Receive and Ack. Confined to the loop. */
final class ReceiveLink implements PartitionLink {

  private final GroupMember member;
  private final Assignment assignment;
  private final Acks acks;
  private final Backoff backoff = Backoff.ofConnection();
  private PartitionRun run;

  /** The Receive that is open; null where none is. */
  private ClientCall<ReceiveRequest, ReceiveReply> receive;

  private boolean isStopped;

  /** Whether all is received again, from the group's position on. */
  private boolean isFromPosition;

  ReceiveLink(GroupMember member, Assignment assignment) {
    this.member = member;
    this.assignment = assignment;
    this.acks = new Acks(member.channel(), assignment, this::onStored);
  }

  private void onStored() {
    member.onAcked(partition(), acks.stored());
  }

  @Override
  public int partition() {
    return assignment.getPartition();
  }

  @Override
  public void start(PartitionRun begun) {
    run = begun;
    receive();
  }

  /** Opens the Receive, behind what has come so far. */
  private void receive() {
    if (isStopped) {
      return;
    }
    var call = member.channel().call(LiiklusServiceGrpc.getReceiveMethod());
    receive = call;
    call.start(new Records(call), new Metadata());
    call.sendMessage(
        ReceiveRequest.newBuilder()
            .setAssignment(assignment)
            // 0 means none: then what comes again is dropped by the run.
            .setLastKnownOffset(isFromPosition ? 0 : Math.max(0, run.lastOffset()))
            .setMaxBatchRecords(member.options().batchRecords())
            .build());
    call.halfClose();
    call.request(1);
    isFromPosition = false;
  }

  /** Replies of one Receive. */
  private final class Records extends ClientCall.Listener<ReceiveReply> {

    private final ClientCall<ReceiveRequest, ReceiveReply> call;

    private Records(ClientCall<ReceiveRequest, ReceiveReply> call) {
      this.call = call;
    }

    @Override
    public void onMessage(ReceiveReply reply) {
      if (!isStopped && receive == call) {
        backoff.reset();
        run.onRecords(
            reply.hasRecordBatch()
                ? reply.getRecordBatch().getRecordsList()
                : List.of(reply.getRecord()));
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!isStopped && receive == call) {
        receive = null;
        onEnd(status);
      }
    }
  }

  private void onEnd(Status status) {
    switch (status.getCode()) {
      case OK -> run.stop();
      // The session is gone, or the partition is lost: Subscribe says so too.
      case FAILED_PRECONDITION -> run.lose();
      case OUT_OF_RANGE -> {
        // The topic was truncated, or made again.
        run.forgetOffsets();
        isFromPosition = true;
        retry();
      }
      case INVALID_ARGUMENT, PERMISSION_DENIED, DATA_LOSS, UNIMPLEMENTED -> member.fail(status);
      default -> retry();
    }
  }

  private void retry() {
    member.channel().schedule(this::receive, backoff.nextMs());
  }

  @Override
  public boolean isAckedBefore() {
    return false;
  }

  @Override
  public void ack(long position) {
    acks.ack(position);
  }

  @Override
  public long stored() {
    return acks.stored();
  }

  @Override
  public void whenAcked(Runnable task) {
    acks.whenIdle(task);
  }

  @Override
  public void readOn() {
    if (receive != null) {
      receive.request(1);
    }
  }

  @Override
  public void stop() {
    isStopped = true;
    if (receive != null) {
      receive.cancel("the partition is given up", null);
    }
  }

  @Override
  public void lose() {
    acks.giveUp();
  }

  @Override
  public void finished() {}
}
