package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest.ContentFormat;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
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
import org.junit.jupiter.api.Timeout;

/** Records that somebody else wrote, with a producer of Kafka's own. */
class ForeignRecordsIT {

  private final String topic = "topic-" + UUID.randomUUID();
  private GatewayClient client;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void open() {
    // As brokers before Kafka 4 have it, which take any timestamp.
    var anyTime = Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
    SharedKafka.cluster().createTopic(topic, 1, anyTime);
    client = new GatewayClient(Backend.KAFKA_AND_REDIS.gateway().port());
    producer = producer(Map.of());
  }

  @AfterEach
  void close() {
    producer.close();
    client.close();
  }

  @Test
  void headersOfAnyKind_passThrough() throws Exception {
    var binary = new byte[] {(byte) 0xff, 0, 1};
    send("key", "value", header("n", null), header("b", binary), header("n", bytesOf("x")));

    assertThat(receive(ContentFormat.BINARY).take(1).get(0).getRecord().getHeadersList())
        .containsExactly(
            Header.newBuilder().setKey("n").build(),
            Header.newBuilder().setKey("b").setValue(ByteString.copyFrom(binary)).build(),
            Header.newBuilder().setKey("n").setValue(bytes("x")).build());
  }

  @Test
  void nullKeysAndValues_endNoBinaryStream() throws Exception {
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
  void binaryEvent_isReadWhateverTheCaseOfItsHeaders() throws Exception {
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

  /** At 5 s for each, as where each header is looked up among all before it, it takes too long. */
  @Test
  @Timeout(60)
  void eventsOf60000Headers_areReadInBothFormats() throws Exception {
    int events = 15;
    var headers = new RecordHeader[60_000];
    headers[0] = header("ce_specversion", bytesOf("1.0"));
    for (int i = 1; i < headers.length; i++) {
      headers[i] = header("ce_x" + i, bytesOf("v"));
    }
    for (int i = 0; i < events; i++) {
      send("key", "value", headers);
    }

    assertThat(receive(ContentFormat.LIIKLUS_EVENT).take(events))
        .extracting(reply -> reply.getLiiklusEventRecord().getEvent().getExtensionsCount())
        .containsOnly(headers.length - 1);
    assertThat(receive(ContentFormat.BINARY).take(events))
        .allMatch(reply -> reply.getRecord().getHeadersCount() == headers.length)
        .allMatch(reply -> reply.getRecord().getValue().endsWith(bytes("\"dmFsdWU=\"}")));
  }

  @Test
  void timestampBeyondTheProtocol_isLeftUnset() throws Exception {
    long micros = 1_700_000_000_000_000L;
    long last = 253_402_300_799_999L;
    for (long timestamp : new long[] {micros, micros * 1_000, last + 1, last}) {
      producer
          .send(
              new ProducerRecord<>(
                  topic, 0, timestamp, null, bytesOf("value"), List.of(event("i", "t", "s"))))
          .get();
    }

    var records = receive(ContentFormat.BINARY).take(4);
    var events = receive(ContentFormat.LIIKLUS_EVENT).take(4);

    for (int i = 0; i < 3; i++) {
      assertThat(records.get(i).getRecord().hasTimestamp()).isFalse();
      assertThat(events.get(i).getLiiklusEventRecord().hasTimestamp()).isFalse();
    }
    assertThat(records.get(3).getRecord().getTimestamp())
        .isEqualTo(Timestamp.newBuilder().setSeconds(last / 1_000).setNanos(999_000_000).build());
    assertThat(events.get(3).getLiiklusEventRecord().getTimestamp())
        .isEqualTo(records.get(3).getRecord().getTimestamp());
  }

  @Test
  void eventWithEmptyAttributes_isDeliveredAsItIs() throws Exception {
    send("key", "value", event("", "t", "s"));
    send("key", "value", event("i", "", "s"));
    send("key", "value", event("i", "t", ""));
    send("key", "value", header("ce_specversion", bytesOf("1.0")));
    send("key", "{\"id\":\"\"}", header("content-type", bytesOf("application/cloudevents+json")));
    send("key", "value", header("ce_id", bytesOf("i")));

    var stream = receive(ContentFormat.LIIKLUS_EVENT);
    var events = stream.take(5);

    assertThat(events)
        .extracting(reply -> reply.getLiiklusEventRecord().getEvent())
        .extracting(event -> event.getId() + "," + event.getType() + "," + event.getSource())
        .containsExactly(",t,s", "i,,s", "i,t,", ",,", ",,");
    assertThat(stream.status().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(stream.status().getDescription())
        .isEqualTo(
            "the record at partition=0 offset=5 is no event: it has no header ce_specversion;"
                + " last_known_offset=5 skips it");
    assertThat(receive(ContentFormat.BINARY).take(6))
        .extracting(reply -> reply.getRecord().getValue().toStringUtf8())
        .contains(
            "{\"specversion\":\"1.0\",\"id\":\"\",\"type\":\"t\",\"source\":\"s\","
                + "\"data_base64\":\"dmFsdWU=\"}")
        .endsWith("{\"id\":\"\"}", "value");
  }

  private static RecordHeader[] event(String id, String type, String source) {
    return new RecordHeader[] {
      header("ce_specversion", bytesOf("1.0")),
      header("ce_id", bytesOf(id)),
      header("ce_type", bytesOf(type)),
      header("ce_source", bytesOf(source))
    };
  }

  @Test
  void structuredEvent_isReadInBothFormats() throws Exception {
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
  void abortedRecords_areNotDeliveredAndLeaveGaps() throws Exception {
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
  void recordLargerThanEveryBound_isDelivered() throws Exception {
    // Larger than the prefetch and a partition's fetch, though not than what a client accepts.
    var large = "x".repeat(1_000_000);
    for (int i = 0; i < 5; i++) {
      send("key", large + i);
    }

    assertThat(receive(ContentFormat.BINARY).take(5))
        .extracting(reply -> reply.getRecord().getValue().size())
        .containsOnly(large.length() + 1);
  }

  @Test
  void recordRefusedByTheClient_endsItsOwnCallOnly() throws Exception {
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
