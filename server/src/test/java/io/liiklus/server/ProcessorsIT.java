package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import io.liiklus.server.gateway.LogWatch;
import io.liiklus.server.processing.TestProcessors;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records through processors of a plugin, over a real channel. */
class ProcessorsIT {

  @TempDir private static Path plugins;
  private static Gateway gateway;
  private static GatewayClient client;

  private final String topic = "topic-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    TestProcessors.write(plugins.resolve("demo.jar"));
    gateway =
        Gateway.startIn(
            Map.of("LAYERS_ORDERS_DEMO_LAST", "10"),
            "--plugins.dir=" + plugins,
            "--layers.orders.demo.First=-1",
            "--receive.processingTimeout=300ms",
            "--grpc.deadlineMargin=9s",
            "--memory.partitions=" + Backend.PARTITIONS);
    client = new GatewayClient(gateway.port());
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
  }

  private PublishRequest request(String value) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes("k"))
        .setValue(bytes(value))
        .build();
  }

  private ListenableFuture<PublishReply> begin(String value) {
    return LiiklusServiceGrpc.newFutureStub(client.channel())
        .withDeadlineAfter(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .publish(request(value));
  }

  private Status publish(String value) {
    return GatewayClient.statusOf(() -> client.stub().publish(request(value)));
  }

  private GatewayStream<ReceiveReply> receive() {
    int partition = client.publish(topic, "k", "first").getPartition();
    var subscription = client.subscribe(topic, "g-" + UUID.randomUUID(), 0);
    return client.receive(GatewayClient.assignments(subscription).get(partition));
  }

  private static String value(ReceiveReply reply) {
    return reply.getRecord().getValue().toStringUtf8();
  }

  @Test
  void processors_areInOrder_onBothWays() {
    var receive = receive();

    assertThat(receive.take(1).get(0).getRecord().getHeadersList())
        .extracting(header -> header.getKey() + " " + header.getValue().toStringUtf8())
        .containsExactly("in First", "in Last", "out Last", "out First");
  }

  @Test
  void recordsThatAreProcessedOutOfOrder_keepTheirOrder() throws Exception {
    var receive = receive();
    var replies = new ArrayList<ListenableFuture<PublishReply>>();
    for (int i = 0; i < 10; i++) {
      replies.add(begin("slow " + i));
      replies.add(begin("fast " + i));
    }
    var offsets = new ArrayList<Long>();
    for (var reply : replies) {
      offsets.add(reply.get().getOffset());
    }

    assertThat(offsets).isSorted();
    var values = receive.take(21).stream().map(ProcessorsIT::value).toList();
    assertThat(values.subList(1, 21))
        .isEqualTo(
            IntStream.range(0, 10)
                .boxed()
                .flatMap(i -> List.of("slow " + i, "fast " + i).stream())
                .toList());
  }

  @Test
  void refusal_isInvalidArgument_withItsReason() {
    var refused = publish("refuse");

    assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.getDescription()).isEqualTo("value: refuse is not allowed; another");
  }

  @Test
  void faults_areInternal_andLoggedOnce() {
    try (var log = new LogWatch();
        var other = Gateway.start("--plugins.dir=" + plugins);
        var faulty = new GatewayClient(other.port())) {
      log.take();
      for (var value : List.of("throw", "fail", "null", "nostage")) {
        var failed = GatewayClient.statusOf(() -> faulty.stub().publish(request(value)));
        assertThat(failed.getCode()).as(value).isEqualTo(Status.Code.INTERNAL);
        assertThat(failed.getDescription())
            .isEqualTo("the processor demo.Pre failed; see the gateway's log");
      }

      assertThat(log.take())
          .filteredOn(line -> line.contains("failed"))
          .singleElement()
          .asString()
          .contains(": a processor failed, processor=demo.Pre (logged once a minute)\n")
          .contains("java.lang.IllegalStateException: thrown");
      assertThat(faulty.publish(topic, "k", "after").getTopic()).isEqualTo(topic);
    }
  }

  @Test
  void hangingProcessor_isBoundedByTheDeadline_andHoldsUpNothingBehindIt() throws Exception {
    // A second behind the margin.
    var hanging =
        LiiklusServiceGrpc.newFutureStub(client.channel())
            .withDeadlineAfter(10, TimeUnit.SECONDS)
            .publish(request("hang"));
    var behind = begin("behind");

    var status = Status.fromThrowable(catchThrowable(hanging::get));
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription())
        .isEqualTo("no answer from the processor demo.Pre in time; the record was not stored");
    assertThat(behind.get().getTopic()).isEqualTo(topic);
  }

  @Test
  void batchWithAHangingRecord_isAnsweredForTheOthers() {
    var results =
        LiiklusServiceGrpc.newBlockingStub(client.channel())
            .withDeadlineAfter(10, TimeUnit.SECONDS)
            .publishBatch(
                PublishBatchRequest.newBuilder()
                    .addRequests(request("a"))
                    .addRequests(request("refuse"))
                    .addRequests(request("hang"))
                    .addRequests(request("b"))
                    .build())
            .getResultsList();

    assertThat(results.get(0).hasReply()).isTrue();
    assertThat(results.get(1).getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
    for (int i = 2; i < 4; i++) {
      assertThat(results.get(i).getError().getCode()).isEqualTo(Status.Code.UNAVAILABLE.value());
      assertThat(results.get(i).getError().getNotStored()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"other-topic, OK", "a/b, INVALID_ARGUMENT"})
  void topicOfAProcessor_isUsedWhereItIsValid(String other, Status.Code code) {
    var status = publish("topic " + other);

    assertThat(status.getCode()).isEqualTo(code);
  }

  @Test
  void droppedAndChangedRecords_keepTheirOffsets() {
    var receive = receive();
    publish("out-drop 1");
    publish("out-upper 2");
    publish("out-drop 3");
    var last = client.stub().publish(request("out-later 4"));

    var records = receive.take(3);

    assertThat(records)
        .extracting(ProcessorsIT::value)
        .containsExactly("first", "OUT-UPPER 2", "out-later 4");
    assertThat(records.get(2).getRecord().getOffset()).isEqualTo(last.getOffset());
    assertThat(records.get(1).getRecord().getOffset()).isEqualTo(last.getOffset() - 2);
  }

  @Test
  void batchesThatAreDroppedAsAWhole_areReadPast_andStayUnacked() {
    int partition = client.publish(topic, "k", "first").getPartition();
    var requests = IntStream.range(0, 500).mapToObj(i -> request("out-drop " + i)).toList();
    for (int i = 0; i < 20; i++) {
      client.publishBatch(requests);
    }
    long last = client.publish(topic, "k", "last").getOffset();
    try (var subscription = client.subscribe(topic, "g", 0)) {
      var assignment = GatewayClient.assignments(subscription).get(partition);
      try (var receive = client.receive(assignment)) {
        assertThat(receive.take(2))
            .extracting(ProcessorsIT::value)
            .containsExactly("first", "last");
      }
      client.ack(topic, "g", 0, partition, 0);
      var again = client.receive(assignment);
      assertThat(again.take(1).get(0).getRecord().getOffset()).isEqualTo(last);
      client.publish(topic, "k", "more");
      assertThat(again.take(1)).extracting(ProcessorsIT::value).containsExactly("more");
      assertThat(client.offsets(topic, "g", 0)).containsEntry(partition, 0L);
    }
  }

  @ParameterizedTest
  @CsvSource({"out-throw", "out-move"})
  void faultOnTheWayOut_endsTheStream_behindWhatWasBefore(String value) {
    var receive = receive();
    receive.take(1);
    receive.request(1);
    publish(value);

    var ended = receive.status();

    assertThat(ended.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(ended.getDescription())
        .isEqualTo("the processor demo.Post failed; see the gateway's log");
  }

  @Test
  void hangOnTheWayOut_endsTheStreamInTime() {
    var receive = receive();
    receive.take(1);
    receive.request(1);
    publish("out-hang");

    var ended = receive.status();

    assertThat(ended.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(ended.getDescription())
        .isEqualTo(
            "no answer from the processor demo.Post within receive.processingTimeout = 300 ms");
  }

  @Test
  void metrics_countByProcessor() throws IOException, InterruptedException {
    publish("refuse");

    var page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.opsPort() + "/prometheus"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();

    assertThat(page)
        .containsPattern(
            "liiklus_processor_refused_records_total\\{processor=\"demo.Pre\"\\} [1-9]")
        .contains("liiklus_processor_failures_total{processor=\"demo.First\"} 0")
        .contains("liiklus_processor_dropped_records_total{processor=\"demo.Post\"}");
  }
}
