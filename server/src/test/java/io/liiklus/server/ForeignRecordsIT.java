package io.liiklus.server;

import static io.liiklus.server.GatewayClient.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest.ContentFormat;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.liiklus.testing.SharedKafka;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that somebody else wrote, with a producer of Kafka's own. */
class ForeignRecordsIT {

  private final String topic = "topic-" + UUID.randomUUID();
  private GatewayClient client;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void open() {
    SharedKafka.cluster().createTopic(topic, 1);
    client = new GatewayClient(Backend.KAFKA_AND_REDIS.gateway().port());
    producer = producer(Map.of());
  }

  @AfterEach
  void close() {
    producer.close();
    client.close();
  }

  @Test
  void headersOfAnyKindPassThrough() throws Exception {
    var binary = new byte[] {(byte) 0xff, 0, 1};
    send("key", "value", header("n", null), header("b", binary), header("n", bytesOf("x")));

    var record = receive(ContentFormat.BINARY).take(1).get(0).getRecord();

    assertThat(record.getHeadersList())
        .containsExactly(
            Header.newBuilder().setKey("n").build(),
            Header.newBuilder().setKey("b").setValue(ByteString.copyFrom(binary)).build(),
            Header.newBuilder().setKey("n").setValue(bytes("x")).build());
  }

  @Test
  void nullKeysAndNullValuesEndNoBinaryStream() throws Exception {
    send(null, "value");
    send("key", null);
    send("key", "");

    var records = receive(ContentFormat.BINARY).take(3);

    assertThat(records)
        .extracting(reply -> reply.getRecord().getTombstone())
        .containsExactly(false, true, false);
    assertThat(records.get(0).getRecord().getKey()).isEmpty();
  }

  @Test
  void anEventInBinaryModeIsReadWhateverTheCaseOfItsHeaders() throws Exception {
    send(
        "key",
        "data",
        header("CE_ID", bytesOf("1")),
        header("ce_Type", bytesOf("type")),
        header("ce_source", bytesOf("/source")),
        header("ce_specversion", bytesOf("1.0")),
        header("ce_subject", bytesOf("subject")),
        header("Content-Type", bytesOf("text/plain")),
        header("other", bytesOf("kept")));

    var record = receive(ContentFormat.LIIKLUS_EVENT).take(1).get(0).getLiiklusEventRecord();

    assertThat(record.getEvent().getId()).isEqualTo("1");
    assertThat(record.getEvent().getDataContentType()).isEqualTo("text/plain");
    assertThat(record.getEvent().getExtensionsMap()).containsEntry("subject", "subject");
    assertThat(record.getEvent().getData()).isEqualTo(bytes("data"));
    assertThat(record.getHeadersList()).extracting(Header::getKey).containsExactly("other");
  }

  @Test
  void anEventInStructuredModeIsReadInBothFormats() throws Exception {
    var json =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"n\":5,"
            + "\"data\":{\"exact\":1.000}}";
    send("key", json, header("content-type", bytesOf("application/cloudevents+json; x=y")));

    var event =
        receive(ContentFormat.LIIKLUS_EVENT).take(1).get(0).getLiiklusEventRecord().getEvent();
    assertThat(event.getData()).isEqualTo(bytes("{\"exact\":1.000}"));
    assertThat(event.getExtensionsMap()).containsEntry("n", "5");
    assertThat(receive(ContentFormat.BINARY).take(1).get(0).getRecord().getValue())
        .isEqualTo(bytes(json));
  }

  @Test
  void offsetsMayHaveGapsAndAbortedRecordsAreNotDelivered() throws Exception {
    try (var transactional =
        producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tx-" + topic))) {
      transactional.initTransactions();
      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(topic, bytesOf("aborted"))).get();
      transactional.abortTransaction();
      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(topic, bytesOf("committed"))).get();
      transactional.commitTransaction();
    }
    send("key", "after");

    var records = receive(ContentFormat.BINARY).take(2);

    assertThat(records).extracting(reply -> reply.getRecord().getOffset()).containsExactly(2L, 4L);
    assertThat(client.endOffsets(topic)).containsEntry(0, 4L);
  }

  @Test
  void aRecordLargerThanEveryBoundIsStillDelivered() throws Exception {
    // Larger than the hand-off and a partition's fetch, though not than what a client accepts.
    var large = "x".repeat(1_000_000);
    for (int i = 0; i < 5; i++) {
      send("key", large + i);
    }

    assertThat(receive(ContentFormat.BINARY).take(5))
        .extracting(reply -> reply.getRecord().getValue().size())
        .containsOnly(large.length() + 1);
  }

  @Test
  void aRecordThatTheClientRefusesIsItsOwnResourceExhausted() throws Exception {
    send("key", "x".repeat(900_000));
    send("key", "small");
    var group = client.subscribe(topic, "group-" + UUID.randomUUID(), 0);
    var assignment = group.next().getAssignment();
    var refused =
        GatewayStream.open(
            ClientInterceptors.intercept(client.channel(), new SmallMessages()),
            LiiklusServiceGrpc.getReceiveMethod(),
            request(assignment, ContentFormat.BINARY));
    refused.request(1);

    assertThat(refused.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    try (var next = client.receive(assignment)) {
      assertThat(next.take(2)).hasSize(2);
    }
  }

  /** A client that accepts 100 KiB a message. */
  private static final class SmallMessages implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return next.newCall(method, options.withMaxInboundMessageSize(100 * 1024));
    }
  }

  private GatewayStream<ReceiveReply> receive(ContentFormat format) {
    var subscription = client.subscribe(topic, "group-" + UUID.randomUUID(), 0);
    return client.receive(request(subscription.next().getAssignment(), format));
  }

  private static ReceiveRequest request(Assignment assignment, ContentFormat format) {
    return ReceiveRequest.newBuilder().setAssignment(assignment).setFormat(format).build();
  }

  private void send(String key, String value, RecordHeader... headers) throws Exception {
    producer
        .send(new ProducerRecord<>(topic, 0, bytesOf(key), bytesOf(value), List.of(headers)))
        .get();
  }

  private static RecordHeader header(String key, byte[] value) {
    return new RecordHeader(key, value);
  }

  private static byte[] bytesOf(String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    var config = new HashMap<String, Object>(more);
    config.put("bootstrap.servers", SharedKafka.cluster().bootstrapServers());
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
