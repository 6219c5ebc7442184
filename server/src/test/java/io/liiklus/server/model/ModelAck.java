package io.liiklus.server.model;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.google.protobuf.Empty;
import io.grpc.Status;
import io.liiklus.api.PositionId;
import java.time.Duration;

/** One Ack call. */
final class ModelAck extends SteppedCall<AckRequest, Empty> {

  /** Longer than any script. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final World world;
  private final Member member;
  private final PositionId id;
  private final long offset;
  private final boolean isOfSession;
  private final boolean isPatient;

  private boolean mustBeRefused;
  private ModelAcks.Ack ack;

  /** What is acknowledged, and how. */
  record Wish(int partition, long offset, boolean isOfSession, boolean isPatient) {}

  ModelAck(World world, Member member, Wish wish, SteppedEventLoop loop) {
    super(world.witness, loop);
    this.world = world;
    this.member = member;
    this.id = new PositionId(ModelTopic.NAME, member.id, wish.partition());
    this.offset = wish.offset();
    this.isOfSession = wish.isOfSession();
    this.isPatient = wish.isPatient();
  }

  @SuppressWarnings("deprecation") // Clients still use it.
  void start() {
    var request = AckRequest.newBuilder().setOffset(offset);
    if (isOfSession) {
      request.setAssignment(
          Assignment.newBuilder().setSessionId(member.sessionId()).setPartition(id.partition()));
    } else {
      request
          .setTopic(id.topic())
          .setGroup(id.group().name())
          .setGroupVersion(id.group().version())
          .setPartition(id.partition());
    }
    demand(1);
    start(
        request.build(), call -> world.calls.ack(call, loop, isPatient ? PATIENCE : Duration.ZERO));
  }

  @Override
  void onBegin() {
    mustBeRefused = isOfSession && (member.isForgotten() || member.isLost(id.partition()));
    if (!mustBeRefused) {
      ack = world.acks.begin(id, offset, isPatient);
    }
  }

  @Override
  void onCancelled() {
    if (ack != null) {
      world.acks.onCancelled(ack);
    }
  }

  @Override
  void onReply(Empty reply) {}

  @Override
  void onEnd(Status how) {
    witness.require(
        mustBeRefused == (how.getCode() == Status.Code.FAILED_PRECONDITION),
        "the ack of %s for a lost or unknown partition ended as %s",
        id,
        how);
    if (ack != null) {
      world.acks.onAnswered(ack, how);
    }
  }
}
