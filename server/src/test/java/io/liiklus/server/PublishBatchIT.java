package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.PublishResult;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.GatewayClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many records in one call, through a real channel. */
@ParameterizedClass
@EnumSource(Backend.class)
class PublishBatchIT {

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
  void everyRecord_isAnsweredInTheOrderOfTheRequest() {
    var requests = new ArrayList<PublishRequest>();
    for (int i = 0; i < 1_000; i++) {
      // Keys of all partitions in turn, and one in four without any.
      requests.add(record(i % 4 == 0 ? "" : "key-" + i % 7, "value-" + i));
    }

    var results = client.publishBatch(requests);

    var published = new HashMap<Integer, List<String>>();
    for (int i = 0; i < requests.size(); i++) {
      var reply = reply(results.get(i));
      assertThat(reply.getTopic()).isEqualTo(topic);
      var ofPartition = published.computeIfAbsent(reply.getPartition(), p -> new ArrayList<>());
      assertThat(reply.getOffset()).as("record " + i).isEqualTo(ofPartition.size());
      ofPartition.add("value-" + i);
    }
    assertThat(received(published)).isEqualTo(published);
  }

  @Test
  void batchesOfOneConnection_keepTheirOrder() throws Exception {
    // Calls made while a channel connects may overtake each other.
    assertThat(client.publishBatch(List.of())).isEmpty();
    var calls = new ArrayList<Future<PublishBatchReply>>();
    for (int batch = 0; batch < 50; batch++) {
      var requests = new ArrayList<PublishRequest>();
      for (int i = 0; i < 10; i++) {
        requests.add(record("key", batch + "-" + i));
      }
      calls.add(client.startPublishBatch(requests));
    }

    long offset = 0;
    for (var call : calls) {
      for (var result : call.get().getResultsList()) {
        assertThat(reply(result).getOffset()).isEqualTo(offset++);
      }
    }
  }

  @Test
  void topics_mayBeMixed() {
    var other = backend.newTopic();

    var results =
        client.publishBatch(
            List.of(
                record("key", "first"),
                record("key", "first").toBuilder().setTopic(other).build(),
                record("key", "second")));

    assertThat(results)
        .extracting(result -> reply(result).getTopic())
        .containsExactly(topic, other, topic);
    assertThat(results).extracting(result -> reply(result).getOffset()).containsExactly(0L, 0L, 1L);
  }

  @Test
  void badRecord_spoilsNoNeighbour() {
    var event = LiiklusEvent.newBuilder().setId("id").setType("type").setSource("source");
    var large = ByteString.copyFrom(new byte[1_100_000]);
    var good = record("key", "good");

    var results =
        client.publishBatch(
            List.of(
                good,
                good.toBuilder().setTopic("a b").build(),
                good.toBuilder().setTombstone(true).build(),
                good,
                good.toBuilder().addHeaders(Header.newBuilder().setKey("ce_id")).build(),
                good.toBuilder().clearValue().setLiiklusEvent(event.clone().clearId()).build(),
                good.toBuilder().clearValue().setLiiklusEvent(event).build(),
                good.toBuilder().setValue(large).build(),
                good));

    assertThat(List.of(0, 3, 6, 8))
        .extracting(i -> reply(results.get(i)).getOffset())
        .containsExactly(0L, 1L, 2L, 3L);
    assertThat(List.of(1, 2, 4, 5, 7))
        .extracting(i -> results.get(i).getError().getCode())
        .containsOnly(Status.Code.INVALID_ARGUMENT.value());
    assertThat(List.of(1, 2, 4, 5, 7))
        .extracting(i -> results.get(i).getError().getMessage())
        .satisfiesExactly(
            text -> assertThat(text).startsWith("topic: \"a b\""),
            text -> assertThat(text).startsWith("tombstone: "),
            text -> assertThat(text).startsWith("headers[0].key: \"ce_id\""),
            text -> assertThat(text).startsWith("liiklusEvent.id: "),
            text -> assertThat(text).contains("1100", "1048576"));
  }

  @Test
  void statusOfARecord_isThatOfItsPublish() {
    var bad = record("key", "value").toBuilder().setTopic("").build();

    var alone = GatewayClient.statusOf(() -> client.stub().publish(bad));
    var inBatch = client.publishBatch(List.of(bad)).get(0).getError();

    assertThat(inBatch.getCode()).isEqualTo(alone.getCode().value());
    assertThat(inBatch.getMessage()).isEqualTo(alone.getDescription());
  }

  @Test
  void emptyBatch_hasAnEmptyReply() {
    assertThat(client.publishBatch(List.of())).isEmpty();
  }

  @Test
  void batchOverTheBounds_isRefusedAndNothingOfItStored() {
    assertRefused(
        Collections.nCopies(1_001, record("key", "v")),
        "more than 1000",
        "publish.maxBatchRecords");
    var half = record("key", "v".repeat(800_000));
    assertRefused(List.of(half, half), "1600114", "1572864", "maxBatchBytes");

    assertThat(reply(client.publishBatch(List.of(record("key", "v"))).get(0)).getOffset()).isZero();
  }

  private void assertRefused(List<PublishRequest> requests, String... named) {
    var batch = PublishBatchRequest.newBuilder().addAllRequests(requests).build();

    var status = GatewayClient.statusOf(() -> client.stub().publishBatch(batch));

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).startsWith("requests: ").contains(named);
  }

  private Map<Integer, List<String>> received(Map<Integer, List<String>> published) {
    var received = new HashMap<Integer, List<String>>();
    var assignments = GatewayClient.assignments(client.subscribe(topic, "group", 0));
    published.forEach(
        (partition, values) -> {
          try (var receive = client.receive(assignments.get(partition))) {
            var found = new ArrayList<String>();
            for (var reply : receive.take(values.size())) {
              found.add(reply.getRecord().getValue().toStringUtf8());
            }
            received.put(partition, found);
          }
        });
    return received;
  }

  private static PublishReply reply(PublishResult result) {
    assertThat(result.hasReply()).as("%s", result).isTrue();
    return result.getReply();
  }

  private PublishRequest record(String key, String value) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes(key))
        .setValue(bytes(value))
        .build();
  }
}
