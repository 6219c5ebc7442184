package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.journal.LogContents;
import io.liiklus.faults.load.Flood;
import io.liiklus.faults.load.LogReader;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Far more records at once than fit into a gateway with a heap of 256 MiB, or into the memory of
 * Kafka's producer: clients wait, and nothing is lost.
 */
class PublishFloodIT {

  private static final int ALL_BYTES = 60_000_000;
  private static final Duration PATIENT = Duration.ofMinutes(2);

  /** Longer than the deployment's grpc.keepAliveTime and keepAliveTimeout, and the clients' own. */
  private static final Duration AWAY = Duration.ofSeconds(9);

  private final Deployment deployment = SharedDeployment.get();
  private final String topic = "flood-" + UUID.randomUUID();
  private Gateway gateway;

  @BeforeEach
  void start() {
    deployment.kafka().createTopic(topic, 4);
    gateway =
        deployment.gateway(
            "gateway-flood",
            deployment.kafka().bootstrapServers(),
            "--publish.timeout=2m",
            // Thousands of calls have one deadline, and are answered one after the other.
            "--grpc.deadlineMargin=5s");
    gateway.start();
  }

  @AfterEach
  void end() {
    gateway.close();
  }

  @Test
  void callsOfOneClient_areAllStored() throws Exception {
    assertAllStored(calls(10_000, ALL_BYTES), 1);
  }

  @Test
  void largeRecords_areAllStored() throws Exception {
    assertAllStored(calls(900_000, ALL_BYTES), 1);
  }

  @Test
  void smallRecords_areAllStored() throws Exception {
    assertAllStored(calls(1_000, ALL_BYTES / 2), 1);
  }

  @Test
  void batches_areAllStored() throws Exception {
    assertAllStored(new Flood.Plan(topic, 60, 100, 10_000, PATIENT), 1);
  }

  @Test
  void callsOfTwentyClients_areAllStored() throws Exception {
    assertAllStored(calls(10_000, ALL_BYTES / 20), 20);
  }

  /**
   * With their ids, the values are 58 MB and the requests 81 MB: if all of them come side by side,
   * they still fit into grpc.maxUnfinishedRequestBytes, which is 101 MB.
   */
  @Test
  void batchesOfTwentyClients_areAllStored() throws Exception {
    assertAllStored(new Flood.Plan(topic, 20, 1_000, 100, PATIENT), 20);
  }

  @Test
  void callsForAwayBrokers_outlastTheKeepAlive() throws Exception {
    publishOne();
    pauseBrokers();
    try (var flood = Flood.begin(calls(10_000, ALL_BYTES), clients(1))) {
      TimeUnit.NANOSECONDS.sleep(AWAY.toNanos());
      resumeBrokers();

      assertThat(flood.awaitOutcomes()).containsOnlyKeys(Status.Code.OK);
      assertThat(contents().size()).isEqualTo(flood.records() + 1);
    }
  }

  @Test
  void callsPastTheirDeadline_areNotStored() throws Exception {
    publishOne();
    pauseBrokers();
    var plan = new Flood.Plan(topic, 6_000, 0, 10_000, Duration.ofSeconds(15));
    try (var flood = Flood.begin(plan, clients(1))) {
      var outcomes = flood.awaitOutcomes();
      resumeBrokers();
      // Behind all that is to be stored of them.
      publishOne();

      assertThat(outcomes).as("all answered in time").containsOnlyKeys(Status.Code.UNAVAILABLE);
      // Kafka's producer takes 32 MiB of them.
      assertThat(flood.notStored()).hasSizeGreaterThan(1_000);
      assertNoneIsStored(flood.notStored());
    }
  }

  @Test
  void batchesForAwayBrokers_costBoundedMemory() throws Exception {
    publishOne();
    pauseBrokers();
    var plan = new Flood.Plan(topic, 30, 1_000, 100, Duration.ofSeconds(20));
    try (var flood = Flood.begin(plan, clients(20))) {
      assertThat(flood.awaitOutcomes().keySet()).contains(Status.Code.UNAVAILABLE);
      resumeBrokers();
      publishOne();

      assertNoneIsStored(flood.notStored());
    }
    assertThat(gateway.metric("liiklus_waiting_publish_bytes")).isZero();
    assertThat(gateway.log().problems(List.of())).isEmpty();
  }

  private Flood.Plan calls(int valueBytes, int allBytes) {
    return new Flood.Plan(topic, allBytes / valueBytes, 0, valueBytes, PATIENT);
  }

  private List<Address> clients(int count) {
    return Collections.nCopies(count, gateway.address());
  }

  private void assertAllStored(Flood.Plan plan, int clients) throws Exception {
    try (var flood = Flood.begin(plan, clients(clients))) {
      assertThat(flood.awaitOutcomes()).containsOnlyKeys(Status.Code.OK);
      var contents = contents();
      assertThat(contents.size()).isEqualTo(flood.records());
      assertThat(ids(contents)).hasSize(flood.records());
    }
    assertThat(gateway.metric("liiklus_waiting_publish_bytes")).isZero();
    assertThat(gateway.log().problems(List.of())).isEmpty();
  }

  private void publishOne() throws Exception {
    try (var one = Flood.begin(new Flood.Plan(topic, 1, 0, 0, PATIENT), clients(1))) {
      assertThat(one.awaitOutcomes()).containsOnlyKeys(Status.Code.OK);
    }
  }

  private void assertNoneIsStored(Set<String> notStored) {
    var stored = ids(contents());
    stored.retainAll(notStored);
    assertThat(stored).as("stored, of those that surely were not").isEmpty();
  }

  private LogContents contents() {
    return LogReader.read(deployment.kafka().bootstrapServers(), topic);
  }

  private static Set<String> ids(LogContents contents) {
    var ids = new HashSet<String>();
    contents.partitions().forEach(partition -> ids.addAll(contents.records(partition).values()));
    return ids;
  }

  private void pauseBrokers() {
    for (int broker = 1; broker <= deployment.kafka().brokers(); broker++) {
      deployment.kafka().pause(broker);
    }
  }

  private void resumeBrokers() {
    for (int broker = 1; broker <= deployment.kafka().brokers(); broker++) {
      deployment.kafka().resume(broker);
    }
  }
}
