package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

/**
 * One Receive call. Confined to the loop.
 *
 * <p>A record is asked for when one was dealt with, so a reader of standard output that takes its
 * time holds up the gateway's stream, and no more than two records a partition wait here.
 */
final class PartitionStream implements ClientResponseObserver<ReceiveRequest, ReceiveReply> {

  private static final int RECORDS_ASKED_FOR = 2;

  /** Hears of one stream, until it is cancelled. Called on the loop. */
  interface Observer {
    void onRecord(PartitionStream stream, ReceiveReply reply);

    /** Its end, with OK where the partition was taken away. */
    void onEnded(PartitionStream stream, Status status);
  }

  private final int partition;
  private final Observer observer;
  private ClientCallStreamObserver<ReceiveRequest> call;
  private boolean isCancelled;

  private PartitionStream(int partition, Observer observer) {
    this.partition = partition;
    this.observer = observer;
  }

  static PartitionStream open(
      Gateway gateway, ReceivePlan plan, Assignment assignment, Observer observer) {
    var stream = new PartitionStream(assignment.getPartition(), observer);
    gateway.stub().receive(plan.receive(assignment), stream);
    return stream;
  }

  int partition() {
    return partition;
  }

  /** Nothing more is heard of it. */
  void cancel() {
    isCancelled = true;
    call.cancel("no longer wanted", null);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ReceiveRequest> started) {
    call = started;
    started.disableAutoRequestWithInitial(RECORDS_ASKED_FOR);
  }

  @Override
  public void onNext(ReceiveReply reply) {
    if (!isCancelled) {
      observer.onRecord(this, reply);
      call.request(1);
    }
  }

  @Override
  public void onCompleted() {
    if (!isCancelled) {
      observer.onEnded(this, Status.OK);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!isCancelled) {
      observer.onEnded(this, CallEnd.of(failure));
    }
  }
}
