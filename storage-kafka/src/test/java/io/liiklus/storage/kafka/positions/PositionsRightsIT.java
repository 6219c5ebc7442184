package io.liiklus.storage.kafka.positions;

import static io.liiklus.storage.kafka.positions.PositionsFixture.GROUP;
import static io.liiklus.storage.kafka.positions.PositionsFixture.failure;
import static io.liiklus.storage.kafka.positions.PositionsFixture.isAnswered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.ScramUser;
import io.liiklus.testing.KafkaCluster;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gateway whose user may not write to the topic of the positions. */
class PositionsRightsIT {

  private static final PositionId ID = new PositionId("records", GROUP, 0);

  private static KafkaCluster cluster;

  private final String topic = "positions-" + UUID.randomUUID();
  private ScramUser user;

  @BeforeAll
  static void start() {
    cluster =
        KafkaCluster.start(
            1,
            Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:ANONYMOUS"));
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void refusedWrites_areToldByTheCheckWhenTheyStandAndNotBefore() throws Exception {
    try (var open = openWithoutRightToWrite().untilReady()) {
      var storage = open.storage();
      assertThat(failure(storage.store(ID, 1)).kind()).isEqualTo(Kind.REFUSED);
      assertThat(isAnswered(storage.check())).isTrue();
      await()
          .atMost(PositionsFixture.PATIENCE)
          .until(
              () -> {
                assertThat(failure(storage.store(ID, 1)).kind()).isEqualTo(Kind.REFUSED);
                return !isAnswered(storage.check());
              });
      assertThat(failure(storage.check())).hasMessageContaining(topic);
      assertThat(failure(storage.check()).kind()).isEqualTo(Kind.REFUSED);

      user.allow(ResourceType.TOPIC, topic, AclOperation.WRITE);
      await().atMost(PositionsFixture.PATIENCE).until(() -> isAnswered(storage.store(ID, 2)));
      assertThat(isAnswered(storage.check())).isTrue();
      assertThat(open.find("records")).isEqualTo(Map.of(0, 2L));
    }
  }

  private PositionsFixture openWithoutRightToWrite() throws Exception {
    cluster.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
    user = ScramUser.of(cluster);
    user.set(ScramUser.PASSWORD);
    var rights = List.of(AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS, AclOperation.READ);
    for (var right : rights) {
      user.allow(ResourceType.TOPIC, topic, right);
    }
    return PositionsFixture.open(PositionsFixture.withPositions(user.settings(), topic));
  }
}
