package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Publish and Receive, through a real channel. */
@ParameterizedClass
@EnumSource(Backend.class)
class RecordsIT {

  @Parameter Backend backend;

  private GatewayClient client;
  private String topic;

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
  void publish_returnsWhereTheRecordWasStored() {
    var first = client.publish(topic, "key", "first");
    var second = client.publish(topic, "key", "second");

    assertThat(first.getTopic()).isEqualTo(topic);
    assertThat(first.getOffset()).isZero();
    assertThat(second.getPartition()).isEqualTo(first.getPartition());
    assertThat(second.getOffset()).isEqualTo(1);
    assertThat(client.endOffsets(topic))
        .hasSize(Backend.PARTITIONS)
        .containsEntry(first.getPartition(), 1L);
  }

  @Test
  void recordsOfAKey_comeInOrderWithAllTheirFields() {
    long beforeMs = System.currentTimeMillis();
    for (int i = 0; i < 50; i++) {
      client.publish(topic, "key", "value-" + i);
    }

    try (var receive = receiveKey("key")) {
      var replies = receive.take(50);
      for (int i = 0; i < 50; i++) {
        var record = replies.get(i).getRecord();
        assertThat(record.getOffset()).isEqualTo(i);
        assertThat(record.getKey()).isEqualTo(bytes("key"));
        assertThat(record.getValue()).isEqualTo(bytes("value-" + i));
        assertThat(record.getReplay()).isFalse();
        assertThat(record.getTimestamp().getSeconds()).isGreaterThanOrEqualTo(beforeMs / 1_000);
      }
    }
  }

  @Test
  void headersAndTombstones_comeAsPublished() {
    var binary = ByteString.copyFrom(new byte[] {0, (byte) 0xff, (byte) 0x80});
    client
        .stub()
        .publish(
            PublishRequest.newBuilder()
                .setTopic(topic)
                .setKey(bytes("key"))
                .setTombstone(true)
                .addHeaders(Header.newBuilder().setKey("a").setValue(binary))
                .addHeaders(Header.newBuilder().setKey("b"))
                .addHeaders(Header.newBuilder().setKey("a").setValue(bytes("again")))
                .build());

    try (var receive = receiveKey("key")) {
      var record = receive.take(1).get(0).getRecord();
      assertThat(record.getTombstone()).isTrue();
      assertThat(record.getValue()).isEmpty();
      assertThat(record.getHeadersList())
          .extracting(Header::getKey, Header::getValue)
          .containsExactly(
              tuple("a", binary), tuple("b", ByteString.EMPTY), tuple("a", bytes("again")));
    }
  }

  @Test
  void event_comesAsEventAndAsItsJsonForm() {
    var event =
        LiiklusEvent.newBuilder()
            .setId("id-1")
            .setType("com.example.happened")
            .setSource("/tests")
            .setTime("2026-04-05T17:31:00Z")
            .setDataContentType("application/json")
            .setData(bytes("{\"n\": 1.10}"))
            .putExtensions("tenant", "blue")
            .build();
    client
        .stub()
        .publish(
            PublishRequest.newBuilder()
                .setTopic(topic)
                .setKey(bytes("key"))
                .setLiiklusEvent(event)
                .addHeaders(Header.newBuilder().setKey("trace").setValue(bytes("t-1")))
                .build());
    var assignment = assignmentOf("key");

    try (var receive =
        client.receive(
            ReceiveRequest.newBuilder()
                .setAssignment(assignment)
                .setFormat(ReceiveRequest.ContentFormat.LIIKLUS_EVENT)
                .build())) {
      var record = receive.take(1).get(0).getLiiklusEventRecord();
      assertThat(record.getEvent()).isEqualTo(event);
      assertThat(record.getHeadersList()).extracting(Header::getKey).containsExactly("trace");
    }
    try (var receive = client.receive(assignment)) {
      var record = receive.take(1).get(0).getRecord();
      assertThat(record.getValue().toStringUtf8())
          .contains("\"specversion\":\"1.0\"", "\"id\":\"id-1\"", "\"tenant\":\"blue\"", "1.10");
      assertThat(record.getHeadersList())
          .extracting(Header::getKey)
          .contains("ce_specversion", "ce_id", "content-type", "ce_datacontenttype", "trace");
    }
  }

  @Test
  void recordThatIsNoEvent_endsAnEventStreamAfterAllBefore() {
    var event = LiiklusEvent.newBuilder().setId("id").setType("type").setSource("source").build();
    var published =
        client
            .stub()
            .publish(
                PublishRequest.newBuilder()
                    .setTopic(topic)
                    .setKey(bytes("key"))
                    .setLiiklusEvent(event)
                    .build());
    client.publish(topic, "key", "no event");

    try (var receive =
        client.receive(
            ReceiveRequest.newBuilder()
                .setAssignment(assignmentOf("key"))
                .setFormat(ReceiveRequest.ContentFormat.LIIKLUS_EVENT)
                .build())) {
      assertThat(receive.take(1).get(0).getLiiklusEventRecord().getEvent()).isEqualTo(event);
      receive.request(1);
      assertThat(receive.status().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(receive.status().getDescription())
          .contains("partition=" + published.getPartition(), "offset=1", "last_known_offset");
    }
  }

  @Test
  void eventNestedDeeperThanTheBound_isSaidToBeTooDeep() {
    var data = "[".repeat(100_000) + "]".repeat(100_000);
    var value =
        "{\"specversion\":\"1.0\",\"id\":\"i\",\"type\":\"t\",\"source\":\"s\",\"data\":"
            + data
            + "}";
    var json = Header.newBuilder().setKey("content-type");
    var record =
        PublishRequest.newBuilder()
            .setTopic(topic)
            .setKey(bytes("key"))
            .setValue(bytes(value))
            .addHeaders(json.setValue(bytes("application/cloudevents+json")));
    int partition = client.stub().publish(record.build()).getPartition();
    var request = ReceiveRequest.newBuilder().setAssignment(assignmentOf("key"));

    try (var receive =
        client.receive(request.setFormat(ReceiveRequest.ContentFormat.LIIKLUS_EVENT).build())) {
      assertThat(receive.status().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(receive.status().getDescription())
          .startsWith(
              "the record at partition=%d offset=0 is no event: its value is JSON nested deeper than"
                      .formatted(partition)
                  + " 10000 levels; ");
    }
    try (var receive =
        client.receive(request.setFormat(ReceiveRequest.ContentFormat.BINARY).build())) {
      assertThat(receive.take(1).get(0).getRecord().getValue()).isEqualTo(bytes(value));
    }
  }

  @Test
  void unreadPartition_holdsUpNoOther() {
    var keys = new String[] {"slow", "fast"};
    int slowPartition = client.publish(topic, keys[0], "x").getPartition();
    int fastPartition = slowPartition;
    for (int i = 0; fastPartition == slowPartition; i++) {
      keys[1] = "fast-" + i;
      fastPartition = client.publish(topic, keys[1], "x").getPartition();
    }
    var payload = "x".repeat(10_000);
    int count = 500;
    for (int i = 0; i < count; i++) {
      client.publish(topic, keys[0], i + ":" + payload);
      client.publish(topic, keys[1], i + ":" + payload);
    }
    var assignments = assignments();

    try (var slow = client.receive(assignments.get(slowPartition));
        var fast = client.receive(assignments.get(fastPartition))) {
      slow.request(1);
      long last = -1;
      for (var reply : fast.take(count)) {
        assertThat(reply.getRecord().getOffset()).isGreaterThan(last);
        last = reply.getRecord().getOffset();
      }
      // Not even its transport is asked for more than was requested.
      assertThat(slow.next().getRecord().getOffset()).isZero();
      assertThat(slow.arrived()).isEmpty();

      long expected = 1;
      for (var reply : slow.take(count)) {
        assertThat(reply.getRecord().getOffset()).isEqualTo(expected);
        expected++;
      }
    }
  }

  @Test
  void laterRecords_areReceivedAsTheyCome() {
    client.publish(topic, "key", "first");
    try (var receive = receiveKey("key")) {
      assertThat(receive.take(1).get(0).getRecord().getValue()).isEqualTo(bytes("first"));
      for (int i = 0; i < 20; i++) {
        client.publish(topic, "key", "value-" + i);
        assertThat(receive.take(1).get(0).getRecord().getValue()).isEqualTo(bytes("value-" + i));
      }
    }
  }

  @Test
  void recordsWithoutKey_areSpreadAndHaveNone() {
    var request = PublishRequest.newBuilder().setTopic(topic).setValue(bytes("x")).build();
    for (int i = 0; i < 10; i++) {
      client.stub().publish(request);
    }
    List<ReceiveReply.Record> records = new ArrayList<>();
    for (var assignment : assignments().values()) {
      long end = client.endOffsets(topic).get(assignment.getPartition());
      try (var receive = client.receive(assignment)) {
        receive.take((int) end + 1).forEach(reply -> records.add(reply.getRecord()));
      }
    }
    assertThat(records).hasSize(10).allMatch(record -> record.getKey().isEmpty());
  }

  private GatewayStream<ReceiveReply> receiveKey(String key) {
    return client.receive(assignmentOf(key));
  }

  /** The assignment of the partition that this key's records are in. */
  private Assignment assignmentOf(String key) {
    long before = client.endOffsets(topic).values().stream().mapToLong(end -> end + 1).sum();
    assertThat(before).as("records published").isPositive();
    var held = assignments();
    for (var entry : client.endOffsets(topic).entrySet()) {
      if (entry.getValue() >= 0) {
        return held.get(entry.getKey());
      }
    }
    throw new AssertionError("no partition has records of " + key);
  }

  private Map<Integer, Assignment> assignments() {
    return GatewayClient.assignments(client.subscribe(topic, "group", 0));
  }
}
