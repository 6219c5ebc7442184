package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.NackAction;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest.ContentFormat;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;

/**
 * A partition by Receive and Ack. Confined to the loop.
 *
 * <p>A Receive of events ends at a record that is none: this one is fetched by a Receive of its own
 * in the binary format.
 */
final class ReceiveLink implements PartitionLink, Acks.Owner {

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

  /** Whether the next record is fetched in the binary format, and those behind it are not. */
  private boolean isOddOne;

  /**
   * Whether the Receive begins with the record of offset 0, which was here: none begins behind it
   * before its ack is stored.
   */
  private boolean isAtFirstAgain;

  ReceiveLink(GroupMember member, Assignment assignment) {
    this.member = member;
    this.assignment = assignment;
    this.acks = new Acks(member.channel(), assignment, this);
  }

  @Override
  public void onStored() {
    member.onAcked(partition(), acks.stored());
  }

  @Override
  public void onRefused(Status status) {
    member.fail(status);
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
    boolean isEvents = member.options().isEvents() && !isOddOne;
    isAtFirstAgain =
        run.lastOffset() == 0 && acks.stored() < 0 && !member.options().isWithoutAcks();
    call.sendMessage(
        ReceiveRequest.newBuilder()
            .setAssignment(assignment)
            // 0 means none: then what comes again is dropped by the run.
            .setLastKnownOffset(isFromPosition ? 0 : Math.max(0, run.lastOffset()))
            .setFormat(isEvents ? ContentFormat.LIIKLUS_EVENT : ContentFormat.BINARY)
            .setMaxBatchRecords(isOddOne ? 0 : member.options().batchRecords())
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
        onRecords(received(reply));
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

  private void onRecords(List<ReceivedRecord> records) {
    boolean isFound = isOddOne && !records.isEmpty() && records.get(0).offset() > run.lastOffset();
    if (isFound) {
      isOddOne = false;
      receive.cancel("events are received again", null);
      receive = null;
    }
    run.onRecords(records);
    if (isFound) {
      receive();
    }
  }

  private List<ReceivedRecord> received(ReceiveReply reply) {
    var topic = member.options().subscription().getTopic();
    return switch (reply.getReplyCase()) {
      case RECORD -> List.of(ReceivedRecord.of(topic, partition(), reply.getRecord()));
      case LIIKLUS_EVENT_RECORD ->
          List.of(ReceivedRecord.of(topic, partition(), reply.getLiiklusEventRecord()));
      case RECORD_BATCH ->
          reply.getRecordBatch().getRecordsList().stream()
              .map(record -> ReceivedRecord.of(topic, partition(), record))
              .toList();
      case LIIKLUS_EVENT_RECORD_BATCH ->
          reply.getLiiklusEventRecordBatch().getRecordsList().stream()
              .map(record -> ReceivedRecord.of(topic, partition(), record))
              .toList();
      case REPLY_NOT_SET -> List.of();
    };
  }

  private void onEnd(Status status) {
    switch (status.getCode()) {
      case OK -> run.stop();
      case FAILED_PRECONDITION -> {
        if (member.options().isEvents() && isAtFirstAgain) {
          retry();
        } else if (member.options().isEvents() && !isOddOne) {
          isOddOne = true;
          receive();
        } else {
          // The session is gone, or the partition is lost: Subscribe says so too.
          run.lose();
        }
      }
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
    return member.options().isWithoutAcks();
  }

  @Override
  public void ack(long position) {
    if (!member.options().isWithoutAcks()) {
      acks.ack(position);
    }
  }

  /** Stored with the position alone. */
  @Override
  public void ackAlone(long offset) {}

  @Override
  public boolean hasNack() {
    return false;
  }

  @Override
  public void nack(long offset, NackAction action, Throwable failure) {
    throw new IllegalStateException("there is no nack beside Receive");
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
