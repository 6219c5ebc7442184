package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.AckMode;
import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeNack;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.NackAction;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.RetryOrder;
import com.github.bsideup.liiklus.protocol.RetryPolicy;
import com.google.protobuf.Duration;
import io.grpc.Status;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.ConsumeStream.Delivered;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Consume promises, whatever the storage is. */
abstract class ConsumeContract {

  static final int PARTITIONS = 3;
  private static final String GROUP = "group";

  private final Gateway gateway = gateway();
  private final String topic = newTopic();
  private GatewayClient client;

  /** One gateway for all tests of the class. */
  abstract Gateway gateway();

  /** The settings of one more gateway on the same storage; null: it cannot be shared. */
  abstract String[] settings();

  /** A topic of {@link #PARTITIONS} that no other test uses. */
  abstract String newTopic();

  static String name() {
    return "topic-" + UUID.randomUUID();
  }

  @BeforeEach
  void open() {
    client = new GatewayClient(gateway.port());
  }

  @AfterEach
  void close() {
    client.close();
  }

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
  void nackedRecord_comesAgainWithItsAttempt() {
    int partition = publish(3);
    try (var stream = consume(begin())) {
      stream.take(3);
      stream.retry(partition, 0, 1L);
      assertThat(stream.take(1)).containsExactly(record(partition, 1, 2));
      stream.retry(partition, 10, 1L);
      assertThat(stream.take(1)).containsExactly(record(partition, 1, 3));
      stream.ackUpTo(partition, 2);
      stream.awaitAcked(partition, 2);
    }
  }

  @Test
  void ack_beatsAPendingRetry() {
    int partition = publish(2);
    try (var stream = consume(begin())) {
      stream.take(2);
      stream.retry(partition, 3_600_000, 0L);
      stream.ack(partition, 0L, 1L);
      stream.awaitAcked(partition, 1);
    }
  }

  @Test
  void orderOfThePartition_takesBackWhatIsBehind() {
    int partition = publish(4);
    try (var stream = consume(begin().setRetry(retry(RetryOrder.PARTITION)))) {
      stream.take(4);
      stream.ack(partition, 2L);
      stream.retry(partition, 0, 1L);
      assertThat(stream.take(2)).containsExactly(record(partition, 1, 2), record(partition, 3, 1));
    }
  }

  @Test
  void orderOfTheKey_takesBackThoseOfItsKey() {
    int partition = client.publish(topic, "a", "0").getPartition();
    String other = keyOf(partition, "a");
    client.publish(topic, "a", "2");
    client.publish(topic, other, "3");
    try (var stream = consume(begin().setRetry(retry(RetryOrder.KEY)))) {
      var all = stream.take(4);
      var first = all.get(0);
      assertThat(first.key()).isEqualTo("a");
      stream.retry(partition, 0, first.offset());
      var again = stream.take(2);
      assertThat(again).extracting(Delivered::key).containsOnly("a");
      assertThat(again).extracting(Delivered::attempt).containsExactly(2, 1);
    }
  }

  @Test
  void usedUpAttempts_makeADeadLetter() {
    var dead = newTopic();
    int partition = publish(2);
    var policy = retry(RetryOrder.NONE).toBuilder().setMaxAttempts(2).setDeadLetterTopic(dead);
    try (var stream = consume(begin().setRetry(policy))) {
      stream.take(2);
      stream.retry(partition, 0, 0L);
      stream.take(1);
      stream.nack(
          ConsumeNack.newBuilder()
              .setPartition(partition)
              .addOffsets(0)
              .setReason("of no use")
              .build());
      stream.awaitAcked(partition, 0);

      var letter = onlyRecord(dead);
      assertThat(letter.getKey().toStringUtf8()).isEqualTo("key");
      assertThat(letter.getValue().toStringUtf8()).isEqualTo("0");
      var headers = headers(letter);
      assertThat(headers)
          .containsEntry("liiklus-dead-letter-topic", topic)
          .containsEntry("liiklus-dead-letter-partition", Integer.toString(partition))
          .containsEntry("liiklus-dead-letter-offset", "0")
          .containsEntry("liiklus-dead-letter-group", GROUP)
          .containsEntry("liiklus-dead-letter-attempts", "2")
          .containsEntry("liiklus-dead-letter-reason", "of no use")
          .containsKey("liiklus-dead-letter-timestamp");
    }
  }

  @Test
  void deadLetterNack_keepsHeadersAndReplacesItsOwn() {
    var dead = newTopic();
    var other = newTopic();
    int partition = publish(1);
    try (var stream = consume(begin().setRetry(deadLetters(dead)))) {
      stream.take(1);
      stream.nack(nack(partition, NackAction.DEAD_LETTER, "x".repeat(2_000)));
      stream.awaitAcked(partition, 0);
    }
    assertThat(headers(onlyRecord(dead)).get("liiklus-dead-letter-reason")).hasSize(1_024);
    var again = begin().setTopic(dead).setRetry(deadLetters(other));
    try (var stream = consume(again)) {
      var first = stream.take(1).get(0);
      stream.nack(nack(first.partition(), NackAction.DEAD_LETTER, "again"));
      stream.awaitAcked(first.partition(), 0);
    }
    var letter = onlyRecord(other);
    assertThat(letter.getHeadersList()).hasSize(7);
    assertThat(headers(letter)).containsEntry("liiklus-dead-letter-topic", dead);
  }

  @Test
  void skippedRecord_countsAsAcked() {
    int partition = publish(2);
    try (var stream = consume(begin())) {
      stream.take(2);
      stream.nack(nack(partition, NackAction.SKIP, ""));
      stream.awaitAcked(partition, 0);
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

  ConsumeStart.Builder begin() {
    return ConsumeStart.newBuilder().setTopic(topic).setGroup(GROUP);
  }

  ConsumeStream consume(ConsumeStart.Builder start) {
    return ConsumeStream.open(client.channel(), start.build());
  }

  private static RetryPolicy retry(RetryOrder order) {
    return RetryPolicy.newBuilder()
        .setOrder(order)
        .setMinBackoff(Duration.newBuilder().setNanos(1_000_000))
        .build();
  }

  private static RetryPolicy deadLetters(String topic) {
    return RetryPolicy.newBuilder().setDeadLetterTopic(topic).build();
  }

  private static ConsumeNack nack(int partition, NackAction action, String reason) {
    return ConsumeNack.newBuilder()
        .setPartition(partition)
        .addOffsets(0)
        .setAction(action)
        .setReason(reason)
        .build();
  }

  private static Delivered record(int partition, long offset, int attempt) {
    return new Delivered(partition, offset, "key", Long.toString(offset), attempt, false);
  }

  private static Long[] longs(long from, long to) {
    var all = new ArrayList<Long>();
    for (long i = from; i < to; i++) {
      all.add(i);
    }
    return all.toArray(Long[]::new);
  }

  /** All to one partition, with the record's number as the value. */
  int publish(int count) {
    return publish("key", count);
  }

  private int publish(String key, int count) {
    var requests = new ArrayList<PublishRequest>();
    for (int i = 0; i < count; i++) {
      requests.add(request(key, Integer.toString(i)));
    }
    return client.publishBatch(requests).get(0).getReply().getPartition();
  }

  private PublishRequest request(String key, String value) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes(key))
        .setValue(bytes(value))
        .build();
  }

  private void publishLarge(int count) {
    for (int i = 0; i < count; i++) {
      client.publish(topic, "key", "v".repeat(100_000));
    }
  }

  private void publishEvent(String id) {
    var event = LiiklusEvent.newBuilder().setId(id).setType("type").setSource("/test");
    var unused =
        client
            .stub()
            .publish(
                PublishRequest.newBuilder()
                    .setTopic(topic)
                    .setKey(bytes("key"))
                    .setLiiklusEvent(event)
                    .build());
  }

  private List<Integer> publishToTwo(int count) {
    int first = publish(count);
    for (int i = 0; ; i++) {
      var key = "other-" + i;
      if (partitionOf(key) != first) {
        return List.of(first, publish(key, count));
      }
    }
  }

  /** So many records in each partition. */
  private void publishToAll(int count) {
    var left = new HashMap<Integer, Integer>();
    for (int i = 0; left.size() < PARTITIONS; i++) {
      var key = "all-" + i;
      int partition = partitionOf(key);
      if (left.putIfAbsent(partition, 1) == null) {
        publish(key, count);
      }
    }
  }

  /** Finds the partition of a key in a topic of its own, as all topics have as many. */
  private int partitionOf(String key) {
    return client.publish(scratch(), key, "").getPartition();
  }

  private String scratch;

  private String scratch() {
    if (scratch == null) {
      scratch = newTopic();
    }
    return scratch;
  }

  /** Publishes a record of another key to the same partition, and returns the key. */
  private String keyOf(int partition, String but) {
    for (int i = 0; ; i++) {
      var key = "key-" + i;
      if (!key.equals(but) && partitionOf(key) == partition) {
        client.publish(topic, key, "1");
        return key;
      }
    }
  }

  private ReceiveReply.Record onlyRecord(String of) {
    await()
        .atMost(GatewayClient.PATIENCE)
        .until(() -> client.endOffsets(of).values().stream().anyMatch(end -> end >= 0));
    try (var stream = consume(begin().setTopic(of).setGroup("reader"))) {
      return stream.next(ConsumeReply::hasRecords).getRecords().getRecords().getRecords(0);
    }
  }

  private static Map<String, String> headers(ReceiveReply.Record record) {
    var headers = new TreeMap<String, String>();
    record
        .getHeadersList()
        .forEach(header -> headers.put(header.getKey(), header.getValue().toStringUtf8()));
    return headers;
  }
}
