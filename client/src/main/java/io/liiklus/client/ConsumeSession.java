package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.AckMode;
import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeNack;
import com.github.bsideup.liiklus.protocol.ConsumeRecords;
import com.github.bsideup.liiklus.protocol.ConsumeRelease;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PartitionFailure;
import com.github.bsideup.liiklus.protocol.ReceiveRequest.ContentFormat;
import com.github.bsideup.liiklus.protocol.RetryOrder;
import com.google.protobuf.Duration;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Consume: membership, records and acks in one call. Confined to the loop.
 *
 * <p>Acks that come together go together. Acks and nacks are sent in the order in which they came.
 */
final class ConsumeSession extends ClientCall.Listener<ConsumeReply> implements Session {

  private static final Logger log = LoggerFactory.getLogger(ConsumeSession.class);

  private final GroupMember member;
  private final ClientCall<ConsumeRequest, ConsumeReply> call;
  private final Map<Integer, ConsumeLink> links = new HashMap<>();

  private final PendingAcks acks = new PendingAcks();

  private boolean isFlushDue;
  private boolean isClosed;

  private ConsumeSession(GroupMember member) {
    this.member = member;
    this.call = member.channel().call(LiiklusServiceGrpc.getConsumeMethod());
  }

  static ConsumeSession open(GroupMember member) {
    var session = new ConsumeSession(member);
    session.call.start(session, new Metadata());
    session.call.sendMessage(ConsumeRequest.newBuilder().setStart(start(member.options())).build());
    session.call.request(1);
    return session;
  }

  private static ConsumeStart start(ConsumerBuilder options) {
    var subscription = options.subscription();
    var start =
        ConsumeStart.newBuilder()
            .setTopic(subscription.getTopic())
            .setGroup(subscription.getGroup())
            .setGroupVersion(subscription.getGroupVersion())
            .setAutoOffsetReset(subscription.getAutoOffsetReset())
            .setFormat(options.isEvents() ? ContentFormat.LIIKLUS_EVENT : ContentFormat.BINARY)
            .setMaxBatchRecords(options.batchRecords())
            .setMaxUnackedRecords(options.maxUnacked())
            .setMaxUnackedBytes(options.maxUnackedBytes());
    return options.isAtMostOnce()
        ? start.setAckMode(AckMode.BEFORE_DELIVERY).build()
        : start.setAckMode(AckMode.CLIENT).setRetry(retry(options.retry())).build();
  }

  /** Without an order: the lanes of the member's partitions keep it. */
  private static com.github.bsideup.liiklus.protocol.RetryPolicy retry(RetryPolicy policy) {
    return com.github.bsideup.liiklus.protocol.RetryPolicy.newBuilder()
        .setMaxAttempts(policy.maxAttempts())
        .setMinBackoff(duration(policy.minBackoff()))
        .setMaxBackoff(duration(policy.maxBackoff()))
        .setDeadLetterTopic(policy.deadLetterTopic())
        .setOrder(RetryOrder.NONE)
        .build();
  }

  private static Duration duration(java.time.Duration time) {
    return Duration.newBuilder().setSeconds(time.getSeconds()).setNanos(time.getNano()).build();
  }

  @Override
  public void onHeaders(Metadata headers) {
    member.onJoined(this);
  }

  @Override
  public void onMessage(ConsumeReply reply) {
    switch (reply.getReplyCase()) {
      case ASSIGNED -> reply.getAssigned().getPartitionsList().forEach(this::onAssigned);
      case RECORDS -> onRecords(reply.getRecords());
      case REVOKING -> reply.getRevoking().getPartitionsList().forEach(this::onRevoking);
      case REVOKED -> reply.getRevoked().getPartitionsList().forEach(this::onRevoked);
      case ACKED -> reply.getAcked().getPositionsMap().forEach(this::onAcked);
      case FAILURE -> onFailure(reply.getFailure());
      // A later gateway may say more.
      default -> {}
    }
    call.request(1);
  }

  private void onAssigned(int partition) {
    var link = new ConsumeLink(this, partition);
    links.put(partition, link);
    member.onAssigned(this, link);
  }

  private void onRecords(ConsumeRecords records) {
    var link = links.get(records.getPartition());
    if (link != null) {
      link.onRecords(received(records));
    }
  }

  /** One kind is there alone: a record that is no event comes in a reply of its own. */
  private List<ReceivedRecord> received(ConsumeRecords reply) {
    var topic = member.options().subscription().getTopic();
    int partition = reply.getPartition();
    var received = new ArrayList<ReceivedRecord>();
    for (var record : reply.getRecords().getRecordsList()) {
      received.add(ReceivedRecord.of(topic, partition, record));
    }
    for (var event : reply.getEvents().getRecordsList()) {
      received.add(ReceivedRecord.of(topic, partition, event));
    }
    for (int i = 0; i < reply.getAttemptsCount(); i++) {
      received.set(i, received.get(i).withAttempt(reply.getAttempts(i)));
    }
    return received;
  }

  private void onAcked(int partition, long position) {
    member.onAcked(partition, position);
    var link = links.get(partition);
    if (link != null) {
      link.onAcked(position);
    }
  }

  private void onRevoking(int partition) {
    var link = links.get(partition);
    if (link != null) {
      link.onRevoking();
    }
  }

  private void onRevoked(int partition) {
    var link = links.remove(partition);
    if (link != null) {
      acks.remove(partition);
      link.onRevoked();
    }
  }

  private void onFailure(PartitionFailure failure) {
    var status = Status.fromCodeValue(failure.getCode()).withDescription(failure.getMessage());
    log.error(
        "a record cannot be read, its partition stands still, {} partition={} offset={} status={} {}",
        member,
        failure.getPartition(),
        failure.getOffset(),
        status.getCode(),
        failure.getMessage());
    member.onUnreadable(failure.getPartition(), failure.getOffset(), status);
  }

  @Override
  public void onReady() {
    flushDue();
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    isClosed = true;
    member.onSessionEnded(this, status);
  }

  /** Whether this is the partition's link, as long as it was not revoked. */
  boolean isCurrent(ConsumeLink link) {
    return links.get(link.partition()) == link;
  }

  void ack(int partition, long position) {
    acks.upTo(partition, position);
    flushSoon();
  }

  void ackAlone(int partition, long offset) {
    acks.alone(partition, offset);
    flushSoon();
  }

  private void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      member.channel().execute(this::flushDue);
    }
  }

  /** Where the connection takes no more, the acks wait. */
  private void flushDue() {
    isFlushDue = false;
    if (call.isReady()) {
      flush();
    }
  }

  private void flush() {
    if (isClosed || acks.isEmpty()) {
      return;
    }
    var ack = ConsumeAck.newBuilder().addAllPartitions(acks.takeAll());
    call.sendMessage(ConsumeRequest.newBuilder().setAck(ack).build());
  }

  void nack(ConsumeNack nack) {
    if (!isClosed) {
      flush();
      call.sendMessage(ConsumeRequest.newBuilder().setNack(nack).build());
    }
  }

  void release(int partition) {
    if (isClosed) {
      return;
    }
    flush();
    call.sendMessage(
        ConsumeRequest.newBuilder()
            .setRelease(ConsumeRelease.newBuilder().addPartitions(partition))
            .build());
  }

  @Override
  public void close() {
    if (!isClosed) {
      flush();
      isClosed = true;
      call.halfClose();
    }
  }

  @Override
  public void abandon() {
    isClosed = true;
    call.cancel("the consumer is closed", null);
  }

  /** The gateway answers when all acks are stored. */
  @Override
  public boolean isEndAwaited() {
    return true;
  }
}
