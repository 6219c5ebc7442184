package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.AckMode;
import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import io.grpc.Status;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.ConsumeStream.Delivered;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a Consume promises, whatever the storage is. */
abstract class ConsumeContract extends ConsumeRetryContract {

  @Test
  void records_comeBehindTheirAssignmentAndPositionsAreStored() {
    int partition = publish(10);
    try (var stream = consume(begin())) {
      var taken = stream.take(10);

      assertThat(taken).extracting(Delivered::offset).containsExactly(longs(0, 10));
      assertThat(taken).extracting(Delivered::attempt).containsOnly(1);
      assertThat(stream.awaitAssigned(PARTITIONS)).hasSize(PARTITIONS);
      stream.ackUpTo(partition, 9);
      stream.awaitAcked(partition, 9);
      assertThat(client.offsets(topic, GROUP, 0)).isEqualTo(Map.of(partition, 9L));
    }
  }

  @Test
  void acks_areIndividualAndThePositionFollowsTheirPrefix() {
    int partition = publish(6);
    try (var stream = consume(begin())) {
      stream.take(6);

      stream.ack(partition, 1L, 2L, 4L);
      stream.ack(partition, 0L);
      stream.awaitAcked(partition, 2);
      stream.ack(partition, 77L);
      stream.ack(partition + 1, 0L);
      stream.ack(partition, 3L);
      stream.awaitAcked(partition, 4);
      stream.ackUpTo(partition, 1_000);
      stream.awaitAcked(partition, 5);
    }
  }

  @Test
  void nextMember_beginsBehindTheStoredPosition() {
    int partition = publish(5);
    try (var stream = consume(begin())) {
      stream.take(5);
      stream.ack(partition, 0L, 1L, 3L);
      stream.halfClose();
      assertThat(stream.status().getCode()).isEqualTo(Status.Code.OK);
    }
    assertThat(client.offsets(topic, GROUP, 0)).containsEntry(partition, 1L);
    try (var stream = consume(begin())) {
      assertThat(stream.take(3)).extracting(Delivered::offset).containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void cancelledCall_hasItsAcksStored() {
    int partition = publish(5);
    try (var stream = consume(begin())) {
      stream.take(5);
      stream.ackUpTo(partition, 3);
      stream.awaitAcked(partition, 3);
    }
    try (var stream = consume(begin())) {
      assertThat(stream.take(1)).extracting(Delivered::offset).containsExactly(4L);
    }
  }

  @Test
  void fullWindow_waitsForAcks() {
    int partition = publish(10);
    try (var stream = consume(begin().setMaxUnackedRecords(4).setMaxBatchRecords(3))) {
      stream.take(4);
      stream.ack(partition, 2L);
      assertThat(stream.take(1)).extracting(Delivered::offset).containsExactly(4L);
      assertThat(stream.arrived()).isEmpty();
      stream.ackUpTo(partition, 4);
      assertThat(stream.take(4)).extracting(Delivered::offset).containsExactly(longs(5, 9));
    }
  }

  @Test
  void fullWindow_holdsUpNoOtherPartition() {
    var partitions = publishToTwo(5);
    try (var stream = consume(begin().setMaxUnackedRecords(2))) {
      stream.take(4);
      stream.ackUpTo(partitions.get(0), 1);
      assertThat(stream.take(2)).extracting(Delivered::partition).containsOnly(partitions.get(0));
    }
  }

  @Test
  void byteWindow_letsOneReplyGo() {
    int partition = publish(3);
    try (var stream = consume(begin().setMaxUnackedBytes(1))) {
      assertThat(stream.take(1)).extracting(Delivered::offset).containsExactly(0L);
      stream.ackUpTo(partition, 0);
      assertThat(stream.take(1)).extracting(Delivered::offset).containsExactly(1L);
      assertThat(stream.arrived()).isEmpty();
    }
  }

  @Test
  void storedFirst_recordsAreSentOnce() {
    int partition = publish(5);
    try (var stream = consume(begin().setAckMode(AckMode.BEFORE_DELIVERY).setMaxBatchRecords(2))) {
      assertThat(stream.take(5)).extracting(Delivered::offset).containsExactly(longs(0, 5));
      stream.awaitAcked(partition, 4);
      assertThat(client.offsets(topic, GROUP, 0)).containsEntry(partition, 4L);
    }
    client.publish(topic, "key", "5");
    try (var stream = consume(begin().setAckMode(AckMode.BEFORE_DELIVERY))) {
      assertThat(stream.take(1)).extracting(Delivered::offset).containsExactly(5L);
    }
  }

  @Test
  void recordThatIsNoEvent_comesInAReplyOfItsOwn() {
    publishEvent("first");
    publish(1);
    publishEvent("last");
    var start = begin().setFormat(ReceiveRequest.ContentFormat.LIIKLUS_EVENT);
    try (var stream = consume(start)) {
      var taken = stream.take(3);
      assertThat(taken).extracting(Delivered::isEvent).containsExactly(true, false, true);
      assertThat(taken).extracting(Delivered::value).containsExactly("first", "0", "last");
      stream.retry(taken.get(0).partition(), 0, 0L, 1L, 2L);
      var again = stream.take(3);
      assertThat(again).extracting(Delivered::isEvent).containsExactly(true, false, true);
      assertThat(again).extracting(Delivered::attempt).containsOnly(2);
    }
  }

  @Test
  void revokedPartition_countsAcksUntilItIsReleased() {
    publishToAll(4);
    try (var first = consume(begin())) {
      first.take(4 * PARTITIONS);
      first.awaitAssigned(PARTITIONS);
      try (var second = consume(begin())) {
        var revoking = first.next(ConsumeReply::hasRevoking).getRevoking();
        assertThat(revoking.hasGrace()).isTrue();
        for (int partition : revoking.getPartitionsList()) {
          first.ack(partition, 0L, 1L);
          first.release(partition);
        }
        int moved = revoking.getPartitions(0);
        first.awaitAcked(moved, 1);
        first.next(
            reply -> reply.hasRevoked() && reply.getRevoked().getPartitionsList().contains(moved));

        assertThat(second.next(ConsumeReply::hasAssigned).getAssigned().getPartitionsList())
            .isNotEmpty();
        assertThat(second.take(1)).extracting(Delivered::offset).containsExactly(2L);
      }
    }
  }

  @Test
  void member_sharesItsGroupWithSubscribeCalls() {
    publish(1);
    try (var stream = consume(begin())) {
      stream.awaitAssigned(PARTITIONS);
      try (var subscription = client.subscribe(topic, GROUP, 0)) {
        int partition = subscription.next().getAssignment().getPartition();
        stream.next(
            reply ->
                reply.hasRevoked() && reply.getRevoked().getPartitionsList().contains(partition));
      }
    }
  }

  @Test
  void drainingGateway_letsClientsAckWhatTheyHave() throws Exception {
    if (settings() == null) {
      return;
    }
    var other = Gateway.start(settings());
    try (var otherClient = new GatewayClient(other.port())) {
      int partition = publish(3);
      var stream = ConsumeStream.open(otherClient.channel(), begin().build());
      stream.take(3);
      var closing = CompletableFuture.runAsync(other::close);

      assertThat(stream.next(ConsumeReply::hasRevoking).getRevoking().getPartitionsList())
          .contains(partition);
      stream.ackUpTo(partition, 2);

      assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      closing.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(client.offsets(topic, GROUP, 0)).containsEntry(partition, 2L);
    }
  }

  @Test
  void replayedRecords_areMarkedAndPositionsStayWithTheirVersion() {
    int partition = publish(2);
    client.ack(topic, GROUP, 1, partition, 0);
    try (var stream = consume(begin().setGroupVersion(2))) {
      var records = stream.next(ConsumeReply::hasRecords).getRecords().getRecords();
      assertThat(records.getRecords(0).getReplay()).isTrue();
      stream.ackUpTo(partition, 1);
      stream.awaitAcked(partition, 1);
    }
    assertThat(client.offsets(topic, GROUP, 1)).containsEntry(partition, 0L);
    assertThat(client.offsets(topic, GROUP, 2)).containsEntry(partition, 1L);
  }

  @Test
  void clientThatReadsNothing_holdsUpNobody() {
    publishLarge(40);
    try (var unread = ConsumeStream.openUnread(client.channel(), begin().build());
        var other = consume(begin().setGroup("other"))) {
      other.take(40);
      assertThat(unread.arrived()).isEmpty();
      unread.read(Integer.MAX_VALUE);
      unread.take(40);
    }
  }

  @Test
  void emptyAck_isASignOfLife() {
    int partition = publish(1);
    try (var stream = consume(begin())) {
      stream.send(ConsumeRequest.newBuilder().setAck(ConsumeAck.getDefaultInstance()).build());
      stream.take(1);
      stream.ack(partition, 0L);
      stream.awaitAcked(partition, 0);
    }
  }

  @Test
  void manyAcks_areReportedSeldomAndWrittenTogether() {
    int partition = publish(300);
    try (var stream = consume(begin())) {
      stream.take(300);
      for (long offset = 0; offset < 300; offset++) {
        stream.ack(partition, offset);
      }
      stream.awaitAcked(partition, 299);
      assertThat(stream.others().stream().filter(ConsumeReply::hasAcked).count()).isLessThan(100);
    }
  }
}
