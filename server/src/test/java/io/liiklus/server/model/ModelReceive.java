package io.liiklus.server.model;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** One Receive call, and what must hold for it. */
final class ModelReceive extends SteppedCall<ReceiveRequest, EncodedReply> {

  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]*)\"");

  private static final Pattern OFFSET = Pattern.compile("offset=([0-9]+)");

  /** What a client asks for. */
  record Wish(int partition, long lastKnown, boolean isEvents, int batch) {}

  final Member member;
  final Wish wish;

  private final World world;

  private Holding holding;
  private Delivery delivery;
  private boolean mayExist;
  private boolean isStranger;
  private boolean isTakenForGood;

  /** It came while the gateway was ending. */
  private boolean isTooLate;

  ModelReceive(World world, Member member, Wish wish, SteppedEventLoop loop) {
    super(world.witness, loop);
    this.world = world;
    this.member = member;
    this.wish = wish;
  }

  void start() {
    var request =
        ReceiveRequest.newBuilder()
            .setAssignment(
                Assignment.newBuilder()
                    .setSessionId(member.sessionId())
                    .setPartition(wish.partition()))
            .setLastKnownOffset(wish.lastKnown())
            .setFormat(
                wish.isEvents()
                    ? ReceiveRequest.ContentFormat.LIIKLUS_EVENT
                    : ReceiveRequest.ContentFormat.BINARY)
            .setMaxBatchRecords(wish.batch())
            .build();
    start(request, call -> world.calls.receive(call, loop));
  }

  @Override
  void onBegin() {
    isTooLate = world.isDraining;
    holding = member.held(wish.partition());
    isStranger = !member.hasHeld(wish.partition());
    mayExist =
        world.receives.stream()
            .anyMatch(
                other ->
                    other != this
                        && other.holding != null
                        && other.holding == holding
                        && !other.isOver());
    if (holding != null) {
      delivery = new Delivery(world, holding, member.id, wish.lastKnown());
    }
  }

  boolean isOf(Holding taken) {
    return holding == taken && holding != null;
  }

  /** From now on nothing may be sent. */
  void takenForGood() {
    isTakenForGood = true;
  }

  boolean isRunning() {
    return holding != null && !isOver();
  }

  boolean isReceivedNow() {
    return holding != null && member.held(wish.partition()) == holding;
  }

  ModelTopic.Entry next() {
    return delivery.next();
  }

  @Override
  void onReply(EncodedReply encoded) {
    witness.require(!isTakenForGood, "%s: sent after it was taken away", this);
    witness.require(!isTooLate, "%s: sent by a gateway that takes no new work", this);
    witness.require(delivery != null, "%s: sent without an assignment", this);
    var reply = parse(encoded);
    switch (reply.getReplyCase()) {
      case RECORD -> onRecord(reply.getRecord());
      case LIIKLUS_EVENT_RECORD -> onEvent(reply.getLiiklusEventRecord());
      case RECORD_BATCH -> reply.getRecordBatch().getRecordsList().forEach(this::onRecord);
      case LIIKLUS_EVENT_RECORD_BATCH ->
          reply.getLiiklusEventRecordBatch().getRecordsList().forEach(this::onEvent);
      case REPLY_NOT_SET -> witness.require(false, "%s: an empty reply", this);
    }
  }

  private ReceiveReply parse(EncodedReply encoded) {
    try {
      int available = encoded.available();
      var bytes = new ByteArrayOutputStream();
      encoded.drainTo(bytes);
      witness.require(bytes.size() == available, "%s: not as long as it said", this);
      return ReceiveReply.parseFrom(bytes.toByteArray());
    } catch (IOException invalid) {
      throw new UncheckedIOException(invalid);
    }
  }

  private void onRecord(ReceiveReply.Record record) {
    add(record.getOffset(), id(record.getValue()), record.getReplay());
  }

  private static String id(ByteString value) {
    var text = value.toString(StandardCharsets.UTF_8);
    var found = ID.matcher(text);
    return found.find() ? found.group(1) : text.strip();
  }

  private void onEvent(ReceiveReply.LiiklusEventRecord record) {
    add(record.getOffset(), record.getEvent().getId(), record.getReplay());
  }

  private void add(long offset, String id, boolean isReplay) {
    delivery.add(offset, id, isReplay);
    member.onDelivered(wish.partition(), offset);
  }

  @Override
  void onEnd(Status how) {
    boolean isRight =
        switch (how.getCode()) {
          // A gateway that ends is no loss of the partition, after which nobody calls again.
          case OK -> !isStranger && (holding == null || holding.isTaken || member.hasEndedItself());
          case UNAVAILABLE -> world.isDraining;
          case FAILED_PRECONDITION ->
              isStranger || member.isForgotten() || (wish.isEvents() && isStuck(how));
          case ALREADY_EXISTS -> mayExist;
          case OUT_OF_RANGE -> wish.lastKnown() != 0 && isBeyondTheEnd();
          case DATA_LOSS ->
              !world.skipsUnreadable && isStuck(how) && how.getDescription().endsWith(" skips it");
          default -> false;
        };
    boolean isRefused = how.getCode() == Status.Code.UNAVAILABLE;
    witness.require(isRight && (isRefused || !isTooLate), "%s: ended as %s", this, how);
  }

  /** All before the record that cannot be sent was. */
  private boolean isStuck(Status how) {
    long named = offset(how);
    return delivery != null && named >= 0 && delivery.isDue(named);
  }

  /** The record that cannot be sent, where that has ended the call. */
  long stuckAt() {
    return offset(status());
  }

  private static long offset(Status how) {
    var named = OFFSET.matcher(String.valueOf(how.getDescription()));
    return named.find() ? Long.parseLong(named.group(1)) : -1;
  }

  private boolean isBeyondTheEnd() {
    return delivery != null && delivery.isBeyondTheEnd();
  }

  @Override
  public String toString() {
    return "Receive of " + member + " " + wish;
  }
}
