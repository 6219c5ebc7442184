package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.GetEndOffsetsReply;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsReply;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.liiklus.cli.WaitNotice.Cause;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Request to a gateway that finds out whether its storages answer, by calls that read: the status
 * names the one that does not. Confined to the loop.
 */
final class StorageCheck {

  /** The gateway answers shortly before. */
  private static final long DEADLINE_MS = 1_000;

  private final Gateway gateway;

  StorageCheck(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * Result of the calls. Immutable.
   *
   * @param away empty where the storages answer
   */
  record Finding(Optional<Cause> away, boolean isTopicThere) {}

  /** Checks the records storage only. */
  CompletableFuture<Finding> ofRecords(String topic) {
    return endOffsets(topic).thenApply(records -> finding(records, null));
  }

  CompletableFuture<Finding> ofBoth(ReceivePlan plan) {
    var positions = new Answer<GetOffsetsReply>();
    gateway
        .stub()
        .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
        .getOffsets(plan.offsets(), positions);
    return endOffsets(plan.topic()).thenCombine(positions.whole, this::finding);
  }

  private CompletableFuture<Answer<GetEndOffsetsReply>> endOffsets(String topic) {
    var records = new Answer<GetEndOffsetsReply>();
    gateway
        .stub()
        .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
        .getEndOffsets(GetEndOffsetsRequest.newBuilder().setTopic(topic).build(), records);
    return records.whole;
  }

  /**
   * @param positions null where they were not asked for
   */
  private Finding finding(Answer<GetEndOffsetsReply> records, Answer<GetOffsetsReply> positions) {
    boolean isTopicThere = records.reply == null || records.reply.getOffsetsCount() > 0;
    return new Finding(away(records, positions), isTopicThere);
  }

  private Optional<Cause> away(
      Answer<GetEndOffsetsReply> records, Answer<GetOffsetsReply> positions) {
    boolean isGatewaySilent = records.isSilent() && (positions == null || positions.isSilent());
    if (isGatewaySilent) {
      return Optional.of(new Cause("the gateway at " + gateway.address() + " does not answer", ""));
    }
    if (records.isAway()) {
      return Optional.of(cause("records", records.end));
    }
    return positions != null && positions.isAway()
        ? Optional.of(cause("positions", positions.end))
        : Optional.empty();
  }

  private Cause cause(String storage, Status end) {
    return new Cause(
        "the gateway's " + storage + " storage does not answer",
        CliException.describe(end, gateway.address()));
  }

  /** The answer to one question. Confined to the loop. */
  private static final class Answer<T> implements StreamObserver<T> {
    private final CompletableFuture<Answer<T>> whole = new CompletableFuture<>();
    private T reply;
    private Status end = Status.OK;

    /** Not even the gateway answered. */
    private boolean isSilent() {
      return end.getCode() == Status.Code.DEADLINE_EXCEEDED
          || (end.getCode() == Status.Code.UNAVAILABLE && end.getCause() != null);
    }

    /** A refusal is an answer too. */
    private boolean isAway() {
      return isSilent() || end.getCode() == Status.Code.UNAVAILABLE;
    }

    @Override
    public void onNext(T value) {
      reply = value;
    }

    @Override
    public void onCompleted() {
      whole.complete(this);
    }

    @Override
    public void onError(Throwable failure) {
      end = CallEnd.of(failure);
      whole.complete(this);
    }
  }
}
