package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.AckMode;
import com.github.bsideup.liiklus.protocol.ConsumeAck;
import com.github.bsideup.liiklus.protocol.ConsumeNack;
import com.github.bsideup.liiklus.protocol.ConsumeRelease;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.NackAction;
import com.github.bsideup.liiklus.protocol.PartitionAck;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.RetryPolicy;
import com.google.protobuf.Duration;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.ConsumeStream.Delivered;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.LogWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bounds of a Consume, and what it refuses, with settings that tests can wait for. */
class ConsumeIT {

  private static final int MAX_AHEAD = 20;

  private static Gateway gateway;

  private final String topic = "topic-" + UUID.randomUUID();
  private GatewayClient client;

  @BeforeAll
  static void startGateway() {
    gateway =
        Gateway.start(
            "--memory.partitions=" + Backend.PARTITIONS,
            "--grpc.unfinishedRequestTimeout=1s",
            "--consume.heartbeat=200ms",
            "--consume.revokeGrace=300ms",
            "--consume.maxAheadRecords=" + MAX_AHEAD,
            "--consume.maxUnackedBytes=20000");
  }

  @AfterAll
  static void stopGateway() {
    gateway.close();
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
  void idleCall_outlivesTheTimeOfAnUnfinishedRequest() {
    publish(1, "");
    try (var stream = consume(begin())) {
      int partition = stream.take(1).get(0).partition();
      stream.ack(partition, 0L);
      // More than twice the time, within which every unfinished request is ended.
      for (int beats = 0; beats < 15; beats++) {
        stream.next(reply -> reply.hasAcked() && reply.getAcked().getPositionsCount() == 0);
      }
      publish(1, "");
      assertThat(stream.take(1)).hasSize(1);
    }
  }

  @Test
  void callWithoutStart_isEndedAsAnUnfinishedRequest() {
    try (var stream = ConsumeStream.openWithoutStart(client.channel())) {
      assertThat(stream.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
  }

  @Test
  void halfCloseWithoutStart_isRefused() {
    try (var stream = ConsumeStream.openWithoutStart(client.channel())) {
      stream.halfClose();
      assertThat(stream.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void graceThatIsOver_givesThePartitionUpUnacked() {
    for (int i = 0; i < 40; i++) {
      client.publish(topic, "key-" + i, "");
    }
    try (var first = consume(begin())) {
      first.take(20);
      try (var second = consume(begin())) {
        var revoked = first.next(ConsumeReply::hasRevoked).getRevoked();

        assertThat(revoked.getLost()).isFalse();
        var again = second.take(1).get(0);
        assertThat(revoked.getPartitionsList()).contains(again.partition());
        assertThat(again.offset()).isZero();
      }
    }
  }

  @Test
  void farAheadOfItsPosition_thePartitionWaits() {
    try (var log = new LogWatch()) {
      int partition = publish(2 * MAX_AHEAD, "");
      try (var stream = consume(begin())) {
        stream.take(MAX_AHEAD);
        for (long offset = 1; offset < MAX_AHEAD; offset++) {
          stream.ack(partition, offset);
        }
        stream.next(reply -> reply.hasAcked() && reply.getAcked().getPositionsCount() == 0);
        assertThat(stream.arrived()).isEmpty();

        stream.ack(partition, 0L);

        assertThat(stream.take(MAX_AHEAD)).extracting(Delivered::offset).contains(39L);
      }
      assertThat(log.take())
          .allMatch(line -> line.contains("too many records lie behind its stored position"));
    }
  }

  @Test
  void boundOfTheProcess_leavesEachPartitionItsShare() {
    publish(30, "x".repeat(1_000));
    try (var greedy = consume(begin().setMaxBatchRecords(1).setGroup("greedy"))) {
      int partition = greedy.take(18).get(0).partition();
      try (var other = consume(begin().setMaxBatchRecords(1).setGroup("other"))) {
        // Whatever the greedy one holds.
        other.take(1);
        assertThat(greedy.arrived().size() + other.arrived().size()).isLessThan(20);
        greedy.ackUpTo(partition, 17);
        for (long offset = 18; offset < 30; offset++) {
          greedy.take(1);
          greedy.ackUpTo(partition, offset);
        }
        for (long offset = 0; offset < 29; offset++) {
          other.ackUpTo(partition, offset);
          other.take(1);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refusedStarts")
  void refusedStart_namesItsField(ConsumeStart.Builder start, String text) {
    try (var stream = consume(start)) {
      assertThat(stream.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(stream.status().getDescription()).contains(text);
    }
  }

  static Stream<Arguments> refusedStarts() {
    return Stream.of(
        start(start().setTopic(""), "topic: \"\" is not allowed"),
        start(start().setGroup(""), "group: \"\" is not allowed"),
        start(start().setGroupVersion(-1), "group_version: "),
        start(start().setAutoOffsetResetValue(7), "auto_offset_reset: 7 is not allowed"),
        start(start().setFormatValue(7), "format: 7 is not allowed"),
        start(start().setAckModeValue(7), "ack_mode: 7 is not allowed"),
        start(start().setMaxBatchRecords(-1), "max_batch_records: \"4294967295\""),
        start(start().setMaxUnackedRecords(-1), "max_unacked_records: "),
        start(start().setMaxUnackedBytes(-1), "max_unacked_bytes: \"18446744073709551615\""),
        retry(RetryPolicy.newBuilder().setOrderValue(7), "retry.order: 7 is not allowed"),
        retry(RetryPolicy.newBuilder().setMaxAttempts(-1), "retry.max_attempts: "),
        retry(RetryPolicy.newBuilder().setMaxAttempts(1), "needs retry.dead_letter_topic"),
        retry(RetryPolicy.newBuilder().setDeadLetterTopic("a b"), "retry.dead_letter_topic: "),
        retry(RetryPolicy.newBuilder().setDeadLetterTopic("t"), "is the topic that is consumed"),
        retry(RetryPolicy.newBuilder().setMinBackoff(seconds(-1)), "retry.min_backoff: "),
        retry(RetryPolicy.newBuilder().setMaxBackoff(seconds(3_601)), "retry.max_backoff: "),
        retry(
            RetryPolicy.newBuilder().setMinBackoff(seconds(2)).setMaxBackoff(seconds(1)),
            "retry.min_backoff: is longer than retry.max_backoff"),
        retry(
            RetryPolicy.newBuilder().setMinBackoff(Duration.newBuilder().setNanos(-1)),
            "retry.min_backoff: "),
        start(
            start().setAckMode(AckMode.BEFORE_DELIVERY).setRetry(RetryPolicy.getDefaultInstance()),
            "retry: is not allowed with ack_mode BEFORE_DELIVERY"));
  }

  @ParameterizedTest
  @MethodSource("refusedRequests")
  void refusedRequest_namesItsField(AckMode mode, ConsumeRequest request, String text) {
    try (var stream = consume(begin().setAckMode(mode))) {
      stream.send(request);
      assertThat(stream.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(stream.status().getDescription()).contains(text);
    }
  }

  static Stream<Arguments> refusedRequests() {
    var ack = PartitionAck.newBuilder().setPartition(0);
    var nack = ConsumeNack.newBuilder().addOffsets(0);
    return Stream.of(
        of(ConsumeRequest.newBuilder().setStart(start()), "start: is not allowed again"),
        of(ConsumeRequest.newBuilder(), "request: is empty"),
        of(ack.clone().setPartition(-1), "ack.partitions.partition: "),
        of(ack.clone().setUpTo(-1), "ack.partitions.up_to: \"18446744073709551615\""),
        of(ack.clone().addOffsets(Long.MAX_VALUE), "ack.partitions.offsets: "),
        of(nack.clone().setPartition(-1), "nack.partition: "),
        of(nack.clone().addOffsets(-1), "nack.offsets: "),
        of(nack.clone().setActionValue(9), "nack.action: 9 is not allowed"),
        of(nack.clone().setAction(NackAction.DEAD_LETTER), "needs retry.dead_letter_topic"),
        of(nack.clone().setDelay(seconds(3_601)), "nack.delay: "),
        of(nack.clone().setDelay(seconds(-1)), "nack.delay: "),
        of(
            ConsumeRequest.newBuilder().setRelease(ConsumeRelease.newBuilder().addPartitions(-1)),
            "release.partitions: "),
        Arguments.of(
            AckMode.BEFORE_DELIVERY,
            ConsumeRequest.newBuilder().setNack(nack).build(),
            "nack: is not allowed with ack_mode BEFORE_DELIVERY"),
        Arguments.of(
            AckMode.BEFORE_DELIVERY,
            ConsumeRequest.newBuilder().setAck(ConsumeAck.newBuilder().addPartitions(ack)).build(),
            "ack.partitions: are not allowed with ack_mode BEFORE_DELIVERY"));
  }

  @Test
  void requestBeforeStart_isRefused() {
    try (var stream = ConsumeStream.openWithoutStart(client.channel())) {
      stream.send(ConsumeRequest.newBuilder().setAck(ConsumeAck.getDefaultInstance()).build());
      assertThat(stream.status().getDescription()).contains("start: is missing");
    }
  }

  private static Arguments start(ConsumeStart.Builder start, String text) {
    return Arguments.of(start, text);
  }

  private static Arguments retry(RetryPolicy.Builder retry, String text) {
    return Arguments.of(start().setRetry(retry), text);
  }

  private static Arguments of(ConsumeRequest.Builder request, String text) {
    return Arguments.of(AckMode.CLIENT, request.build(), text);
  }

  private static Arguments of(PartitionAck.Builder ack, String text) {
    return of(ConsumeRequest.newBuilder().setAck(ConsumeAck.newBuilder().addPartitions(ack)), text);
  }

  private static Arguments of(ConsumeNack.Builder nack, String text) {
    return of(ConsumeRequest.newBuilder().setNack(nack), text);
  }

  private static Duration.Builder seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds);
  }

  private static ConsumeStart.Builder start() {
    return ConsumeStart.newBuilder().setTopic("t").setGroup("g");
  }

  private ConsumeStart.Builder begin() {
    return ConsumeStart.newBuilder().setTopic(topic).setGroup("group");
  }

  private ConsumeStream consume(ConsumeStart.Builder start) {
    return ConsumeStream.open(client.channel(), start.build());
  }

  private int publish(int count, String value) {
    List<PublishRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(
          PublishRequest.newBuilder()
              .setTopic(topic)
              .setKey(bytes("key"))
              .setValue(bytes(value + i))
              .build());
    }
    return client.publishBatch(requests).get(0).getReply().getPartition();
  }
}
