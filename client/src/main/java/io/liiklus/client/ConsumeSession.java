package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.AckMode;
import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeRecords;
import com.github.bsideup.liiklus.protocol.ConsumeRelease;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PartitionAck;
import com.github.bsideup.liiklus.protocol.PartitionFailure;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Consume: membership, records and acks in one call. Confined to the loop.
 *
 * <p>Acks that come together go together: the newest of each partition.
 */
final class ConsumeSession extends ClientCall.Listener<ConsumeReply> implements Session {

  private static final Logger log = LoggerFactory.getLogger(ConsumeSession.class);

  private final GroupMember member;
  private final ClientCall<ConsumeRequest, ConsumeReply> call;
  private final Map<Integer, Link> links = new HashMap<>();

  /** Positions that are to be sent, by partition. */
  private final Map<Integer, Long> acks = new TreeMap<>();

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
    return ConsumeStart.newBuilder()
        .setTopic(subscription.getTopic())
        .setGroup(subscription.getGroup())
        .setGroupVersion(subscription.getGroupVersion())
        .setAutoOffsetReset(subscription.getAutoOffsetReset())
        .setMaxBatchRecords(options.batchRecords())
        .setMaxUnackedRecords(options.maxUnacked())
        .setAckMode(options.isAtMostOnce() ? AckMode.BEFORE_DELIVERY : AckMode.CLIENT)
        .build();
  }

  @Override
  public void onMessage(ConsumeReply reply) {
    switch (reply.getReplyCase()) {
      case ASSIGNED -> reply.getAssigned().getPartitionsList().forEach(this::onAssigned);
      case RECORDS -> onRecords(reply.getRecords());
      case REVOKING -> reply.getRevoking().getPartitionsList().forEach(this::onRevoking);
      case REVOKED -> reply.getRevoked().getPartitionsList().forEach(this::onRevoked);
      case ACKED -> reply.getAcked().getPositionsMap().forEach(member::onAcked);
      case FAILURE -> onFailure(reply.getFailure());
      // A later gateway may say more.
      default -> {}
    }
    call.request(1);
  }

  private void onAssigned(int partition) {
    var link = new Link(partition);
    links.put(partition, link);
    member.onAssigned(this, link);
  }

  private void onRecords(ConsumeRecords records) {
    var link = links.get(records.getPartition());
    if (link != null) {
      link.onRecords(records.getRecords().getRecordsList());
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
    log.error(
        "a record cannot be read, its partition stands still, {} partition={} offset={} status={} {}",
        member,
        failure.getPartition(),
        failure.getOffset(),
        Status.fromCodeValue(failure.getCode()).getCode(),
        failure.getMessage());
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

  private void ack(int partition, long position) {
    acks.put(partition, position);
    if (!isFlushDue) {
      isFlushDue = true;
      member.channel().execute(this::flushDue);
    }
  }

  /** Where the connection takes no more, the acks wait, one for each partition. */
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
    var ack = ConsumeAck.newBuilder();
    acks.forEach(
        (partition, position) ->
            ack.addPartitions(PartitionAck.newBuilder().setPartition(partition).setUpTo(position)));
    acks.clear();
    call.sendMessage(ConsumeRequest.newBuilder().setAck(ack).build());
  }

  private void release(int partition) {
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

  /** The gateway answers when all acks are stored. */
  @Override
  public boolean isEndAwaited() {
    return true;
  }

  /** One partition of the call. */
  private final class Link implements PartitionLink {

    private final int partition;

    /** Records that came while the run before was not finished; the gateway bounds them. */
    private final List<ReceiveReply.Record> early = new ArrayList<>();

    /** Null until it begins. */
    private PartitionRun run;

    private boolean isRevoking;

    private Link(int partition) {
      this.partition = partition;
    }

    @Override
    public int partition() {
      return partition;
    }

    @Override
    public void start(PartitionRun begun) {
      run = begun;
      if (!early.isEmpty()) {
        run.onRecords(List.copyOf(early));
        early.clear();
      }
      if (links.get(partition) != this) {
        run.lose();
      } else if (isRevoking) {
        run.stop();
      }
    }

    private void onRecords(List<ReceiveReply.Record> records) {
      if (run == null) {
        early.addAll(records);
      } else {
        run.onRecords(records);
      }
    }

    private void onRevoking() {
      isRevoking = true;
      if (run != null) {
        run.stop();
      }
    }

    private void onRevoked() {
      if (run != null) {
        run.lose();
      }
    }

    @Override
    public boolean isAckedBefore() {
      return true;
    }

    @Override
    public void ack(long position) {
      if (links.get(partition) == this) {
        ConsumeSession.this.ack(partition, position);
      }
    }

    @Override
    public long stored() {
      return -1;
    }

    /** The call's end is awaited, and that of a revocation by the gateway. */
    @Override
    public void whenAcked(Runnable task) {
      task.run();
    }

    /** The gateway itself stops at the window. */
    @Override
    public void readOn() {}

    @Override
    public void stop() {}

    @Override
    public void lose() {}

    @Override
    public void finished() {
      if (links.get(partition) == this) {
        release(partition);
      }
    }
  }
}
