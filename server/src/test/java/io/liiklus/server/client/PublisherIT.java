package io.liiklus.server.client;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Status;
import io.liiklus.client.LiiklusClient;
import io.liiklus.client.PublishException;
import io.liiklus.client.Publisher;
import io.liiklus.client.PublisherOptions;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.OlderGateway;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client library's publisher, on a real gateway. */
class PublisherIT {

  private static final int THREADS = 4;
  private static final int RECORDS = 1_000;

  /** One by one, the records of a key take a round trip each. */
  private static final int RECORDS_ONE_BY_ONE = 100;

  private final String topic = "topic-" + UUID.randomUUID();
  private Gateway gateway;
  private GatewayClient reader;

  @BeforeEach
  void start() {
    gateway = open();
    reader = new GatewayClient(gateway.port());
  }

  @AfterEach
  void stop() {
    reader.close();
    gateway.close();
  }

  private static Gateway open(String... settings) {
    var all = new ArrayList<>(List.of(settings));
    all.add("--memory.partitions=" + Backend.PARTITIONS);
    return Gateway.start(all.toArray(String[]::new));
  }

  private static String address(int port) {
    return "127.0.0.1:" + port;
  }

  @Test
  void recordsOfManyThreads_areStoredOnceInTheOrderOfTheirKeys() throws Exception {
    try (var client = LiiklusClient.connect(address(gateway.port()))) {
      for (var answer : publishFromThreads(client.publisher(), RECORDS)) {
        assertThat(answer.get(30, TimeUnit.SECONDS).getTopic()).isEqualTo(topic);
      }
    }
    requireAll(RECORDS);
  }

  @Test
  void gatewayWithoutTheStream_isGivenRecordsOneByOne() throws Exception {
    try (var older = OlderGateway.start(gateway.port());
        var client = LiiklusClient.connect(address(older.port()))) {
      for (var answer : publishFromThreads(client.publisher(), RECORDS_ONE_BY_ONE)) {
        assertThat(answer.get(30, TimeUnit.SECONDS).getTopic()).isEqualTo(topic);
      }
    }
    requireAll(RECORDS_ONE_BY_ONE);
  }

  @Test
  void gatewayWithLowerBounds_isGivenSmallerBatches() throws Exception {
    try (var strict = open("--publish.maxBatchRecords=10");
        var client = LiiklusClient.connect(address(strict.port()))) {
      for (var answer : publishFromThreads(client.publisher(), RECORDS)) {
        assertThat(answer.get(30, TimeUnit.SECONDS).getTopic()).isEqualTo(topic);
      }
    }
  }

  private List<CompletableFuture<PublishReply>> publishFromThreads(Publisher publisher, int records)
      throws InterruptedException {
    var answers = new ArrayList<CompletableFuture<PublishReply>>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      var thread =
          new Thread(
              () -> {
                for (int record = 0; record < records; record++) {
                  var answer = publisher.publish(topic, key(number, record), "" + record);
                  synchronized (answers) {
                    answers.add(answer);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (var thread : threads) {
      thread.join();
    }
    return answers;
  }

  /** Three of each thread, and one that is empty. */
  private static String key(int thread, int record) {
    return record % 4 == 0 ? "" : thread + "-" + record % 4;
  }

  /** All records are there once, those of a key in their order. */
  private void requireAll(int records) {
    int keyless = 0;
    var lastOfKey = new HashMap<String, Integer>();
    int count = 0;
    for (var record : stored().entrySet()) {
      for (var value : record.getValue()) {
        count++;
        if (record.getKey().isEmpty()) {
          keyless++;
        } else {
          int number = Integer.parseInt(value);
          assertThat(number).isGreaterThan(lastOfKey.getOrDefault(record.getKey(), -1));
          lastOfKey.put(record.getKey(), number);
        }
      }
    }
    assertThat(count).isEqualTo(THREADS * records);
    assertThat(keyless).isEqualTo(THREADS * records / 4);
  }

  /** Values by their keys, in the order of the log. */
  private Map<String, List<String>> stored() {
    var stored = new HashMap<String, List<String>>();
    var ends = reader.endOffsets(topic);
    try (var subscription = reader.subscribe(topic, "reader", 0)) {
      GatewayClient.assignments(subscription)
          .forEach(
              (partition, assignment) -> {
                try (var receive = reader.receive(assignment)) {
                  int records = (int) (ends.get(partition) + 1);
                  for (var reply : receive.take(records)) {
                    var record = reply.getRecord();
                    stored
                        .computeIfAbsent(record.getKey().toStringUtf8(), key -> new ArrayList<>())
                        .add(record.getValue().toStringUtf8());
                  }
                }
              });
    }
    return stored;
  }

  @Test
  void badRecord_failsAlone() {
    try (var client = LiiklusClient.connect(address(gateway.port()))) {
      var good = client.publisher().publish(topic, "key", "first");
      var bad = client.publisher().publish("a b", "key", "value");
      var after = client.publisher().publish(topic, "key", "second");

      var failure = failureOf(bad);
      assertThat(failure.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(failure.isNotStored()).isTrue();
      assertThat(good.join().getOffset()).isZero();
      assertThat(after.join().getOffset()).isEqualTo(1);
    }
  }

  private static PublishException failureOf(CompletableFuture<?> answer) {
    var failed = catchThrowableOfType(CompletionException.class, answer::join);
    return (PublishException) failed.getCause();
  }

  @Test
  void drainOfAGateway_losesNothingWhereThereIsAnother() throws Exception {
    var first = open();
    try (var client = LiiklusClient.connect(address(first.port()), address(gateway.port()))) {
      client.publisher().publish(topic, "key", "first").join();
      var isOver = new AtomicBoolean();
      var answers = new ArrayList<CompletableFuture<PublishReply>>();
      var load =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; !isOver.get(); i++) {
                  var answer = client.publisher().publish(topic, "key-" + i % 10, "" + i);
                  answers.add(answer);
                  if (i % 50 == 0) {
                    answer.join();
                  }
                }
              });

      first.close();
      await().atMost(GatewayClient.PATIENCE).until(() -> reader.endOffsets(topic).size() > 0);
      isOver.set(true);
      load.get(30, TimeUnit.SECONDS);

      for (var answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS).getTopic()).isEqualTo(topic);
      }
    }
  }

  @Test
  void drainingGateway_isLeftForAnotherBeforeItHasEnded() throws Exception {
    var first = open("--shutdown.ackWindow=15s", "--shutdown.deadline=30s");
    try (var client = LiiklusClient.connect(address(first.port()), address(gateway.port()))) {
      client.publisher().publish(topic, "key", "first").join();
      var isClosed = CompletableFuture.runAsync(first::close);

      await()
          .atMost(GatewayClient.PATIENCE)
          .until(
              () -> {
                client.publisher().publish(topic, "key", "value").join();
                return reader.endOffsets(topic).values().stream().anyMatch(end -> end >= 0);
              });

      assertThat(isClosed).isNotDone();
      isClosed.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void lostConnection_failsWhatMayBeStoredAndNothingElse() throws Exception {
    try (var relay = TcpRelay.start("127.0.0.1", gateway.port());
        var client = LiiklusClient.connect(address(relay.port()))) {
      var unknown = new HashSet<String>();
      var known = new HashSet<String>();
      for (int round = 0; round < 5; round++) {
        var answers = new HashMap<String, CompletableFuture<PublishReply>>();
        for (int i = 0; i < 500; i++) {
          var value = round + "-" + i;
          answers.put(value, client.publisher().publish(topic, "key-" + i % 50, value));
          if (i == 250) {
            relay.cut();
            relay.restore();
          }
        }
        answers.forEach(
            (value, answer) -> {
              try {
                var unused = answer.get(60, TimeUnit.SECONDS);
                known.add(value);
              } catch (Exception failed) {
                var failure = (PublishException) failed.getCause();
                assertThat(failure.isNotStored()).as("%s", failure).isFalse();
                unknown.add(value);
              }
            });
      }
      var values = stored().values().stream().flatMap(List::stream).toList();
      assertThat(values).doesNotHaveDuplicates().containsAll(known);
      values.forEach(
          value -> assertThat(known.contains(value) || unknown.contains(value)).isTrue());
    }
  }

  @Test
  void recordWithoutAGateway_failsWhenItsTimeIsOver() {
    var patience = PublisherOptions.DEFAULTS.withTimeout(Duration.ofMillis(500));
    try (var client = LiiklusClient.connect("127.0.0.1:1");
        var publisher = client.publisher(patience)) {
      var failure = failureOf(publisher.publish(topic, "key", "value"));

      assertThat(failure.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(failure.isNotStored()).isTrue();
    }
  }

  @Test
  void close_waitsForTheAnswers() {
    var answered = new AtomicInteger();
    try (var client = LiiklusClient.connect(address(gateway.port()))) {
      for (int i = 0; i < 1_000; i++) {
        var unused =
            client
                .publisher()
                .publish(PublishRequest.newBuilder().setTopic(topic).setValue(bytes("v")).build())
                .thenRun(answered::incrementAndGet);
      }
    }

    assertThat(reader.endOffsets(topic).values().stream().mapToLong(end -> end + 1).sum())
        .isEqualTo(1_000);
    await().atMost(GatewayClient.PATIENCE).until(() -> answered.get() == 1_000);
  }
}
