package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.RecordsCopy;
import io.liiklus.testing.SharedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are copied from the embedded file into servers, by the gateway's own settings. */
class RecordsCopyIT {

  @TempDir private Path folder;
  private RecordsCopy copy;

  @BeforeEach
  void nameTheSource() throws IOException {
    copy = new RecordsCopy(folder);
  }

  @Test
  void copyIntoKafka_keepsRecordsAndTranslatesPositions() throws Exception {
    // Offsets of the source begin at 4, and those of the target at 0.
    copy.source().fill(0, 60);
    remove(4);
    copy.source().fill(60, 10);
    copy.source().store("billing", 0, Map.of(0, 9L, 1, 2L, 2, 1000L));
    copy.source().store("billing", 7, Map.of(0, 4L, 1, -1L));
    var kafka = copy.kafka(SharedKafka.cluster().bootstrapServers());

    assertThat(copy.run("KAFKA", kafka)).as(copy.err()).isZero();

    assertThat(copy.err())
        .contains("from the source (SQL " + copy.database())
        .contains("to the target (KAFKA " + SharedKafka.cluster().bootstrapServers());
    var source = copy.source().all();
    var target = copy.in("KAFKA", kafka);
    assertThat(target.all()).isEqualTo(source);
    assertThat(source.get(0).get(0)).contains("offset-4 ").contains(" h=00ff h=null h= ж=31");
    assertThat(target.positions("billing", 0))
        .isEqualTo(Map.of(0, 5L, 1, -1L, 2, source.get(2).size() - 1L));
    assertThat(target.positions("billing", 7)).isEqualTo(Map.of(0, 0L, 1, -1L));
    requireFirst(6);
    assertThat(source.get(0).get(6)).contains("offset-10 ");
  }

  /** The first record that the group had not acknowledged in the source. */
  private void requireFirst(long offset) {
    try (var gateway =
            Gateway.start(
                "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
                "--kafka.positions.topic=" + copy.positionsTopic());
        var client = new GatewayClient(gateway.port());
        var subscription = client.subscribe(copy.topic(), "billing", 0)) {
      var assignments = GatewayClient.assignments(subscription);
      try (var receive = client.receive(assignments.get(0))) {
        receive.request(1);
        assertThat(receive.next().getRecord().getOffset()).isEqualTo(offset);
      }
    }
  }

  /** Takes the first records of each partition away, as retention does. */
  private void remove(long before) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy.database());
        var statement = connection.createStatement()) {
      statement.executeUpdate("delete from liiklus_record where (id & 1099511627775) < " + before);
      statement.executeUpdate("update liiklus_log set start_off = " + before);
    }
  }

  @Test
  void copyIntoPostgres_goesOnWithWhatWasPublishedSince() throws Exception {
    copy.source().fill(0, 50);
    copy.source().store("billing", 0, Map.of(0, 3L));
    var postgres = copy.postgres().settings();
    assertThat(copy.run("SQL", postgres, "--dry-run")).as(copy.err()).isZero();
    assertThat(copy.out())
        .isEqualTo(copy.topic() + "\t3\t50\tkeeps partitions, creates the topic\n");
    assertThat(copy.run("SQL", postgres)).as(copy.err()).isZero();
    copy.source().fill(50, 50);
    copy.source().store("billing", 0, Map.of(0, 20L));

    assertThat(copy.run("SQL", postgres)).as(copy.err()).isZero();

    assertThat(copy.err()).contains("copied 50 records").contains("1 forward");
    assertThat(copy.in("SQL", postgres).all()).isEqualTo(copy.source().all());
    assertThat(copy.in("SQL", postgres).positions("billing", 0)).isEqualTo(Map.of(0, 20L));
  }

  @Test
  void targetWithOtherPartitions_isWrittenByKey() throws Exception {
    copy.source().fill(0, 40);
    copy.source().store("billing", 0, Map.of(0, 3L));
    SharedKafka.cluster().createTopic(copy.topic(), 2);
    var kafka = copy.kafka(SharedKafka.cluster().bootstrapServers());

    assertThat(copy.run("KAFKA", kafka)).as(copy.err()).isZero();

    assertThat(copy.err())
        .contains("positions are not translated: the target has 2 partitions and the source 3");
    var target = copy.in("KAFKA", kafka);
    assertThat(values(target.all())).isEqualTo(values(copy.source().all()));
    assertThat(target.positions("billing", 0)).isEmpty();
  }

  private static List<String> values(Map<Integer, List<String>> partitions) {
    return partitions.values().stream().flatMap(List::stream).sorted().toList();
  }
}
