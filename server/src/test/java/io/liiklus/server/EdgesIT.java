package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest.ContentFormat;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.RawCall;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is at the edge of what is allowed, and odd but legal on the wire. */
@ParameterizedClass
@EnumSource(Backend.class)
class EdgesIT {

  @Parameter Backend backend;

  private GatewayClient client;

  @BeforeEach
  void open() {
    client = new GatewayClient(backend.gateway().port());
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void topic_mayHave249Characters() {
    var topic = (backend.newTopic() + "._-" + "x".repeat(249)).substring(0, 249);
    backend.createTopic(topic);

    assertThat(client.publish(topic, "k", "v").getTopic()).isEqualTo(topic);
    assertThat(client.endOffsets(topic)).hasSize(Backend.PARTITIONS).containsValue(0L);
  }

  @Test
  void group_mayHave255BytesOfAnyUtf8() {
    var topic = backend.newTopic();
    var group = ("a:b~*?[]\\ \uFEFF\uD83D\uDE00" + "ä".repeat(127)).substring(0, 126) + "ä:v-v";
    assertThat(bytes(group).size()).isLessThanOrEqualTo(255);

    client.ack(topic, group, Integer.MAX_VALUE, Integer.MAX_VALUE, 1);

    assertThat(client.offsets(topic, group, Integer.MAX_VALUE))
        .containsOnly(Map.entry(Integer.MAX_VALUE, 1L));
    client.publish(topic, "key", "value");
    try (var subscription = client.subscribe(topic, group, 0)) {
      assertThat(GatewayClient.assignments(subscription)).hasSize(Backend.PARTITIONS);
    }
  }

  @ParameterizedTest
  @CsvSource({"g-v7,g,7", "g-v0,g,0", "g-v2147483647,g,2147483647", "g-v1-v0002,g-v1,2"})
  void versionInTheName_isThatVersion(String named, String name, int version) {
    var topic = backend.newTopic();

    client.ack(topic, named, 0, 1, 42);

    assertThat(client.offsets(topic, name, version)).containsEntry(1, 42L);
    assertThat(client.offsets(topic, named, 0)).containsEntry(1, 42L);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 1, -1})
  void ack_storesEveryAllowedOffset(long offset) {
    var topic = backend.newTopic();

    client.ack(topic, "group", 0, 2, offset);

    assertThat(client.offsets(topic, "group", 0)).containsEntry(2, offset);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MAX_VALUE - 1})
  void groupAtTheLowestAndHighestPosition_beginsAtTheStart(long position) {
    var topic = backend.newTopic();
    var published = client.publish(topic, "key", "value");
    client.ack(topic, "group", 0, published.getPartition(), position);

    assertThat(receive(topic, published).getRecord().getOffset()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void offsetBeyondTheLog_isOutOfRange(long offset) {
    var topic = backend.newTopic();
    int partition = client.publish(topic, "key", "value").getPartition();
    try (var subscription = client.subscribe(topic, "group", 0);
        var receive =
            client.receive(
                ReceiveRequest.newBuilder()
                    .setAssignment(GatewayClient.assignments(subscription).get(partition))
                    .setLastKnownOffset(offset)
                    .build())) {
      var status = receive.status();

      assertThat(status.getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
      assertThat(status.getDescription())
          .startsWith("last_known_offset: " + Long.toUnsignedString(offset))
          .endsWith("it starts at 0 and ends at 0");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Backend.PARTITIONS, Integer.MAX_VALUE})
  void partitionThatTheSessionNeverHad_isFailedPrecondition(int partition) {
    var topic = backend.newTopic();
    client.publish(topic, "key", "value");
    try (var subscription = client.subscribe(topic, "group", 0)) {
      var session = GatewayClient.assignments(subscription).get(0).getSessionId();
      var other = Assignment.newBuilder().setSessionId(session).setPartition(partition).build();

      var status = client.receive(other).status();

      assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(status.getDescription())
          .startsWith("assignment.partition: " + partition + " was never assigned to this session");
    }
  }

  @Test
  void partitionsThatTheSessionHadAndGaveAway_endWithOk() {
    var topic = backend.newTopic();
    client.publish(topic, "key", "value");
    try (var subscription = client.subscribe(topic, "group", 0)) {
      var held = GatewayClient.assignments(subscription);
      var receives = held.values().stream().map(client::receive).toList();
      try (var other = client.subscribe(topic, "group", 0)) {
        var moved = held.get(other.next().getAssignment().getPartition());

        assertThat(receives.get(moved.getPartition()).status()).isEqualTo(Status.OK);
        assertThat(client.receive(moved).status()).isEqualTo(Status.OK);
      }
    }
  }

  @Test
  void thousandHeadersAndExtensions_comeBackInBothFormats() {
    var topic = backend.newTopic();
    var event = LiiklusEvent.newBuilder().setId("i").setType("t").setSource("s");
    for (int i = 0; i < 998; i++) {
      event.putExtensions("x" + i, "v" + i);
    }
    event.putExtensions("subject", "sub/ä").putExtensions("dataschema", "http://localhost/schema");
    var headers =
        IntStream.range(0, 1_000)
            .mapToObj(i -> Header.newBuilder().setKey("h" + i % 7).setValue(bytes("" + i)).build())
            .toList();
    var published =
        client
            .stub()
            .publish(
                PublishRequest.newBuilder()
                    .setTopic(topic)
                    .setLiiklusEvent(event)
                    .addAllHeaders(headers)
                    .build());

    var record = receive(topic, published, ContentFormat.LIIKLUS_EVENT).getLiiklusEventRecord();
    assertThat(record.getEvent()).isEqualTo(event.build());
    assertThat(record.getHeadersList()).isEqualTo(headers);
    assertThat(receive(topic, published).getRecord().getValue().toStringUtf8())
        .contains("\"subject\":\"sub/ä\"", "\"dataschema\":\"http://localhost/schema\"");

    // What was received can be published.
    var again =
        client
            .stub()
            .publish(
                PublishRequest.newBuilder()
                    .setTopic(topic)
                    .setLiiklusEvent(record.getEvent())
                    .build());
    assertThat(again.getTopic()).isEqualTo(topic);
  }

  @Test
  void timeAsJavaWritesIt_isStoredByRfc3339() {
    var topic = backend.newTopic();
    var event =
        LiiklusEvent.newBuilder()
            .setId("i")
            .setType("t")
            .setSource("s")
            .setTime("2026-11-30T10:15+02:00[Europe/Tallinn]");
    var published = client.stub().publish(event(event).setTopic(topic).build());

    assertThat(
            receive(topic, published, ContentFormat.LIIKLUS_EVENT)
                .getLiiklusEventRecord()
                .getEvent()
                .getTime())
        .isEqualTo("2026-11-30T10:15:00+02:00");
    assertThat(receive(topic, published).getRecord().getValue().toStringUtf8())
        .contains("\"time\":\"2026-11-30T10:15:00+02:00\"");
  }

  @Test
  void thousandHeaders_keepTheirOrder() {
    var topic = backend.newTopic();
    var headers =
        IntStream.range(0, 1_000)
            .mapToObj(i -> Header.newBuilder().setKey("ä" + i % 7).setValue(bytes("" + i)).build())
            .toList();

    var reply =
        client
            .stub()
            .publish(PublishRequest.newBuilder().setTopic(topic).addAllHeaders(headers).build());

    assertThat(receive(topic, reply).getRecord().getHeadersList()).isEqualTo(headers);
  }

  @Test
  void repeatedField_countsLastAndUnknownFieldIsPassedOver() {
    var topic = backend.newTopic();
    var unknown = ByteString.copyFrom(new byte[] {(byte) 0xf8, 0x7f, 1, 0x53, 0x08, 1, 0x54});
    // The event comes in two parts, which are one: its id and type, then its source and a new type.
    var request =
        publish(PublishRequest.newBuilder().setTopic("/").setKey(bytes("other")))
            .concat(publish(event(LiiklusEvent.newBuilder().setId("i").setType("old"))))
            .concat(unknown)
            .concat(publish(PublishRequest.newBuilder().setTopic(topic).setKey(bytes("key"))))
            .concat(publish(event(LiiklusEvent.newBuilder().setSource("s").setType("t"))));

    var record = receive(topic, publish(request)).getRecord();
    assertThat(record.getKey()).isEqualTo(bytes("key"));
    assertThat(record.getValue().toStringUtf8())
        .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"i\",\"type\":\"t\",\"source\":\"s\"}");
  }

  @Test
  void fieldOfAnotherWireType_isIgnored() {
    var topic = backend.newTopic();
    // key and value as numbers, the headers as a fixed 32-bit one.
    var odd = ByteString.copyFrom(new byte[] {0x10, 7, 0x18, 7, 0x2d, 1, 2, 3, 4});

    var reply = publish(publish(PublishRequest.newBuilder().setTopic(topic)).concat(odd));
    var record = receive(topic, reply).getRecord();

    assertThat(record.getKey()).isEqualTo(ByteString.EMPTY);
    assertThat(record.getValue()).isEqualTo(ByteString.EMPTY);
    assertThat(record.getHeadersList()).isEmpty();
  }

  private PublishReply publish(ByteString request) {
    try (var stream = RawCall.of("Publish", request.toByteArray()).open(client.channel())) {
      assertThat(stream.status()).isEqualTo(Status.OK);
      return PublishReply.parseFrom(stream.next());
    } catch (InvalidProtocolBufferException failure) {
      throw new AssertionError(failure);
    }
  }

  private ReceiveReply receive(String topic, PublishReply published) {
    return receive(topic, published, ContentFormat.BINARY);
  }

  private ReceiveReply receive(String topic, PublishReply published, ContentFormat format) {
    try (var subscription = client.subscribe(topic, "group", 0)) {
      var assignment = GatewayClient.assignments(subscription).get(published.getPartition());
      var request = ReceiveRequest.newBuilder().setAssignment(assignment).setFormat(format);
      try (var receive = client.receive(request.build())) {
        return receive.take(1).get(0);
      }
    }
  }

  private static ByteString publish(PublishRequest.Builder request) {
    return request.build().toByteString();
  }

  private static PublishRequest.Builder event(LiiklusEvent.Builder event) {
    return PublishRequest.newBuilder().setLiiklusEvent(event);
  }
}
