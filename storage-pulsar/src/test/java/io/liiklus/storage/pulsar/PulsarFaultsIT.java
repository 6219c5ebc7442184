package io.liiklus.storage.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordingListener;
import io.liiklus.testing.PulsarServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A broker that is killed, hangs, or lets go of a topic, while records flow. */
class PulsarFaultsIT {

  private static final int ROUNDS = 20;
  private static final int RECORDS = 50;

  private static PulsarServer server;
  private static PulsarTopics topics;
  private static Reading gateway;

  private final String topic = Reading.newName();
  private final RecordingListener listener = new RecordingListener();

  @BeforeAll
  static void start() {
    server = PulsarServer.start(Map.of("managedLedgerMaxEntriesPerLedger", "20"));
    topics = new PulsarTopics(server);
    gateway = new Reading(TestSettings.of(server));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    server.close();
  }

  /** Publishes in rounds, with the fault amid them; each answered record is read, in order. */
  private void flowThrough(Runnable fault) {
    topics.create(topic, 1);
    var reader = gateway.join(topic, listener, AutoOffsetReset.LATEST);
    var stored = new ArrayList<String>();
    for (int round = 0; round < ROUNDS; round++) {
      if (round == ROUNDS / 2) {
        fault.run();
      }
      var sent = new ArrayList<CompletionStage<PublishedRecord>>();
      for (int i = 0; i < RECORDS; i++) {
        sent.add(gateway.send(topic, "key", round + "." + i));
      }
      for (int i = 0; i < RECORDS; i++) {
        Reading.get(sent.get(i));
        stored.add(round + "." + i);
      }
    }
    var read = Reading.read(reader, stored.size());
    assertThat(read.stream().distinct().toList()).isEqualTo(stored);
    assertThat(listener.faults()).isEmpty();
    assertThat(listener.skips()).isEmpty();
  }

  @Test
  void unloadedTopic_isReadOn() {
    flowThrough(() -> topics.unload(topic));
  }

  @Test
  void killedBroker_isWaitedFor() {
    flowThrough(
        () -> {
          server.kill();
          server.restart();
        });
  }

  @Test
  void hangingBroker_failsTheCheckAndIsWaitedFor() {
    flowThrough(
        () -> {
          server.pause();
          try {
            assertThatThrownBy(() -> Reading.get(gateway.storage().check())).isNotNull();
          } finally {
            server.resume();
          }
          await()
              .atMost(Reading.WAIT)
              .ignoreExceptions()
              .untilAsserted(() -> assertThat(Reading.get(gateway.storage().check())).isNull());
        });
  }

  @Test
  void brokerThatIsAwayAtTheFirstPublish_isWaitedForWithinPatience() {
    try (var lonely = new Reading(TestSettings.of("pulsar://127.0.0.1:1"))) {
      var records =
          IntStream.range(0, 3)
              .mapToObj(
                  i ->
                      lonely
                          .storage()
                          .publish(
                              new RecordToPublish(topic, null, new byte[1], List.of()),
                              Duration.ofMillis(500)))
              .toList();
      for (var record : records) {
        assertThatThrownBy(() -> Reading.get(record)).hasMessageContaining("in time");
      }
      assertThatThrownBy(() -> Reading.get(lonely.storage().check())).isNotNull();
    }
  }
}
