package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveReply.ReplyCase;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest.ContentFormat;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Receives that take several records in one reply, through a real channel. */
@ParameterizedClass
@EnumSource(Backend.class)
class BatchesIT {

  private static final int MAX_REPLY_BYTES = 64 * 1024;

  @Parameter Backend backend;

  private GatewayClient client;
  private String topic;
  private int partition;
  private Map<Integer, Assignment> held;

  @BeforeEach
  void open() {
    client = new GatewayClient(backend.gateway().port());
    topic = backend.newTopic();
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void replies_haveAtMostTheRequestedRecordsInOrder() {
    publish(100);

    try (var receive = receive(ContentFormat.BINARY, 7)) {
      var offsets = new ArrayList<Long>();
      while (offsets.size() < 100) {
        var reply = receive.take(1).get(0);
        assertThat(reply.getReplyCase()).isEqualTo(ReplyCase.RECORD_BATCH);
        assertThat(reply.getRecordBatch().getRecordsCount()).isBetween(1, 7);
        for (var record : reply.getRecordBatch().getRecordsList()) {
          assertThat(record.getValue()).isEqualTo(bytes("value-" + record.getOffset()));
          offsets.add(record.getOffset());
        }
      }
      assertThat(offsets).containsExactlyElementsOf(offsets(0, 100));
    }
  }

  @Test
  void batch_isSentWithoutWaitingForMore() {
    publish(1);

    try (var receive = receive(ContentFormat.BINARY, 500)) {
      assertThat(offsets(receive.take(1).get(0))).containsExactly(0L);
      for (long offset = 1; offset < 5; offset++) {
        client.publish(topic, "key", "value-" + offset);
        assertThat(offsets(receive.take(1).get(0))).containsExactly(offset);
      }
    }
  }

  @Test
  void batchOfOne_isASingleRecord() {
    publish(2);

    for (int most : new int[] {0, 1}) {
      try (var receive = receive(ContentFormat.BINARY, most)) {
        assertThat(receive.take(2))
            .extracting(ReceiveReply::getReplyCase)
            .containsExactly(ReplyCase.RECORD, ReplyCase.RECORD);
      }
    }
  }

  @Test
  void reply_isBoundedInBytesAndALargerRecordGoesAlone() {
    var large = "x".repeat(2 * MAX_REPLY_BYTES);
    publish(3);
    client.publish(topic, "key", large);
    for (int i = 0; i < 20; i++) {
      client.publish(topic, "key", "y".repeat(10_000));
    }

    try (var receive = receive(ContentFormat.BINARY, 1_000)) {
      var offsets = new ArrayList<Long>();
      while (offsets.size() < 24) {
        var reply = receive.take(1).get(0);
        var batch = offsets(reply);
        assertThat(reply.getSerializedSize() <= MAX_REPLY_BYTES || batch.equals(List.of(3L)))
            .as("%d bytes with %s", reply.getSerializedSize(), batch)
            .isTrue();
        offsets.addAll(batch);
      }
      assertThat(offsets).containsExactlyElementsOf(offsets(0, 24));
    }
  }

  @Test
  void slowClient_losesNothing() {
    publish(300);
    int read = 0;
    while (read < 300) {
      // Cancelled each time with replies on their way, and begun again behind what was read.
      try (var receive = receive(ContentFormat.BINARY, 20)) {
        receive.request(3);
        for (int i = 0; i < 2 && read < 300; i++) {
          var batch = offsets(receive.next());
          assertThat(batch).containsExactlyElementsOf(offsets(read, read + batch.size()));
          read += batch.size();
        }
      }
      client.ack(topic, "group", 0, partition, read - 1);
    }
  }

  @Test
  void batchOfEvents_endsBeforeTheFirstRecordThatIsNone() {
    for (int i = 0; i < 10; i++) {
      publishEvent("id-" + i);
    }
    client.publish(topic, "key", "no event");
    publishEvent("id-11");

    try (var receive = receive(ContentFormat.LIIKLUS_EVENT, 500)) {
      receive.request(100);
      var ids = new ArrayList<String>();
      while (ids.size() < 10) {
        var reply = receive.next();
        assertThat(reply.getReplyCase()).isEqualTo(ReplyCase.LIIKLUS_EVENT_RECORD_BATCH);
        reply
            .getLiiklusEventRecordBatch()
            .getRecordsList()
            .forEach(record -> ids.add(record.getEvent().getId()));
      }
      assertThat(ids)
          .containsExactlyElementsOf(
              LongStream.range(0, 10).mapToObj(offset -> "id-" + offset).toList());
      assertThat(receive.status().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(receive.status().getDescription()).contains("offset=10", "last_known_offset=10");
    }
  }

  @Test
  void batchesOfARevokedPartition_endWithOk() {
    publish(100);
    var streams = new HashMap<Integer, GatewayStream<ReceiveReply>>();
    assignments()
        .forEach(
            (number, assignment) ->
                streams.put(number, client.receive(request(assignment, ContentFormat.BINARY, 5))));
    streams.values().forEach(stream -> stream.request(1));

    try (var second = client.subscribe(topic, "group", 0)) {
      int moved = second.next().getAssignment().getPartition();

      assertThat(streams.get(moved).status()).isEqualTo(Status.OK);
      assertThat(streams.get(moved).arrived()).hasSizeLessThanOrEqualTo(1);
    }
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      partition = client.publish(topic, "key", "value-" + i).getPartition();
    }
  }

  private void publishEvent(String id) {
    var event = LiiklusEvent.newBuilder().setId(id).setType("type").setSource("/source");
    partition =
        client
            .stub()
            .publish(
                PublishRequest.newBuilder()
                    .setTopic(topic)
                    .setKey(ByteString.copyFromUtf8("key"))
                    .setLiiklusEvent(event)
                    .build())
            .getPartition();
  }

  private GatewayStream<ReceiveReply> receive(ContentFormat format, int most) {
    return client.receive(request(assignments().get(partition), format, most));
  }

  /** Of one session for all of a test. */
  private Map<Integer, Assignment> assignments() {
    if (held == null) {
      held = GatewayClient.assignments(client.subscribe(topic, "group", 0));
    }
    return held;
  }

  private static ReceiveRequest request(Assignment assignment, ContentFormat format, int most) {
    return ReceiveRequest.newBuilder()
        .setAssignment(assignment)
        .setFormat(format)
        .setMaxBatchRecords(most)
        .build();
  }

  private static List<Long> offsets(ReceiveReply reply) {
    return reply.getRecordBatch().getRecordsList().stream()
        .map(ReceiveReply.Record::getOffset)
        .toList();
  }

  private static List<Long> offsets(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }
}
