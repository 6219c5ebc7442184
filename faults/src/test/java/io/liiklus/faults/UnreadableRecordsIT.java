package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.faults.deployment.Gateway;
import io.liiklus.faults.load.Connection;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.KafkaCluster.Damage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Logs of which a batch of three records is corrupt on the broker's disk, in one way or the other:
 * offsets 5 to 7 of partition 0, of 10. Partition 1 is whole.
 */
class UnreadableRecordsIT {

  private static final int CORRUPT = 0;
  private static final int WHOLE = 1;
  private static final int FIRST_CORRUPT = 5;
  private static final int LAST_CORRUPT = 7;
  private static final int END = 10;

  private static final Pattern TOLD = Pattern.compile("unreadable record, topic=corrupt");

  private static KafkaCluster kafka;

  @BeforeAll
  static void corrupt() {
    kafka = KafkaCluster.start(1);
    for (var damage : Damage.values()) {
      kafka.createTopic(topic(damage), 2);
      send(topic(damage), CORRUPT, 0, FIRST_CORRUPT);
      send(topic(damage), CORRUPT, FIRST_CORRUPT, LAST_CORRUPT + 1);
      send(topic(damage), CORRUPT, LAST_CORRUPT + 1, END);
    }
    kafka.stop(1);
    for (var damage : Damage.values()) {
      kafka.corrupt(1, topic(damage), CORRUPT, FIRST_CORRUPT, damage);
    }
    kafka.restart(1);
  }

  @AfterAll
  static void close() {
    if (kafka != null) {
      kafka.close();
    }
  }

  private static String topic(Damage damage) {
    return "corrupt-" + damage;
  }

  @ParameterizedTest
  @EnumSource
  void corruptRecord_failsItsPartitionOnlyAfterAllBeforeIt(Damage damage) {
    var topic = topic(damage);
    try (var gateway = start("gateway-fail-" + damage, "fail");
        var client = new Client(gateway, topic, "failing-readers")) {
      var corrupt = client.receive(CORRUPT, 0);
      var whole = client.receive(WHOLE, 0);

      assertThat(offsets(corrupt, FIRST_CORRUPT)).containsExactly(0L, 1L, 2L, 3L, 4L);
      assertThatThrownBy(corrupt::hasNext)
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              failed -> assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS))
          .hasMessageContaining("partition=0 offset=5");

      send(topic, WHOLE, 0, 3);
      assertThat(offsets(whole, 3)).containsExactly(0L, 1L, 2L);
      var behind = client.receive(CORRUPT, LAST_CORRUPT);
      assertThat(offsets(behind, END - LAST_CORRUPT - 1)).containsExactly(8L, 9L);
      assertThat(skipped(gateway, topic)).isZero();
      assertThat(gateway.log().problems(List.of(TOLD))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void corruptRecords_arePassedOverAndCountedWhereConfigured(Damage damage) {
    var topic = topic(damage);
    try (var gateway = start("gateway-skip-" + damage, "skip");
        var client = new Client(gateway, topic, "skipping-readers")) {
      var corrupt = client.receive(CORRUPT, 0);

      assertThat(offsets(corrupt, END - 3)).containsExactly(0L, 1L, 2L, 3L, 4L, 8L, 9L);
      assertThat(skipped(gateway, topic)).isEqualTo(3);
      assertThat(gateway.log().problems(List.of())).isEmpty();
    }
  }

  private static Gateway start(String name, String unreadableRecords) {
    var gateway =
        SharedDeployment.get()
            .gateway(
                name, kafka.bootstrapServers(), "--kafka.unreadableRecords=" + unreadableRecords);
    gateway.start();
    return gateway;
  }

  private static long skipped(Gateway gateway, String topic) {
    return gateway.metric(
        "liiklus_skipped_records_total", "topic=\"" + topic + "\"", "reason=\"corruption\"");
  }

  /** One batch of records, whose values are their numbers. */
  private static void send(String topic, int partition, int from, int to) {
    var settings =
        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 10_000);
    var text = new StringSerializer();
    try (var producer = new KafkaProducer<>(settings, text, text)) {
      for (int number = from; number < to; number++) {
        var unused =
            producer.send(new ProducerRecord<>(topic, partition, null, Integer.toString(number)));
      }
      producer.flush();
    }
  }

  private static List<Long> offsets(Iterator<ReceiveReply> replies, int count) {
    var offsets = new ArrayList<Long>();
    while (offsets.size() < count) {
      offsets.add(replies.next().getRecord().getOffset());
    }
    return offsets;
  }

  /** The only member of a group. Confined to the test's thread. */
  private static final class Client implements AutoCloseable {
    private final Connection connection;
    private final Map<Integer, Assignment> assignments = new HashMap<>();

    private Client(Gateway gateway, String topic, String group) {
      connection = Connection.to(gateway.address());
      var request = SubscribeRequest.newBuilder().setTopic(topic).setGroup(group).build();
      var replies = connection.calls(Stage.RECOVERY_BOUND).subscribe(request);
      while (assignments.size() < 2) {
        var assignment = replies.next().getAssignment();
        assignments.put(assignment.getPartition(), assignment);
      }
    }

    private Iterator<ReceiveReply> receive(int partition, long lastKnownOffset) {
      return connection
          .calls(Stage.RECOVERY_BOUND)
          .receive(
              ReceiveRequest.newBuilder()
                  .setAssignment(assignments.get(partition))
                  .setLastKnownOffset(lastKnownOffset)
                  .build());
    }

    @Override
    public void close() {
      connection.close();
    }
  }
}
