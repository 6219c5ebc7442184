package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static io.liiklus.server.gateway.GatewayClient.statusOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients are told where Kafka gives the gateway no right. */
class RefusedOperationsIT {

  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final String USER = "gateway";
  private static final String PASSWORD = "secret";

  private static KafkaCluster cluster;
  private static Gateway gateway;
  private static GatewayClient client;

  private final String topic = "topic-" + UUID.randomUUID();
  private final String group = "group-" + UUID.randomUUID();

  @BeforeAll
  static void start() throws Exception {
    cluster =
        KafkaCluster.start(
            1,
            Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:ANONYMOUS"));
    var mechanism = ScramMechanism.fromMechanismName(KafkaCluster.LOGIN_MECHANISM);
    var user =
        new UserScramCredentialUpsertion(USER, new ScramCredentialInfo(mechanism, 4_096), PASSWORD);
    cluster
        .admin()
        .alterUserScramCredentials(List.of(user))
        .all()
        .get(BOUND.toSeconds(), TimeUnit.SECONDS);
    gateway =
        Gateway.start(
            "--kafka.bootstrapServers=" + cluster.loginServers(),
            "--kafka.properties.security.protocol=SASL_PLAINTEXT",
            "--kafka.properties.sasl.mechanism=" + KafkaCluster.LOGIN_MECHANISM,
            "--kafka.properties.sasl.jaas.config="
                + "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                + USER
                + "\" password=\""
                + PASSWORD
                + "\";",
            "--storage.positions.type=MEMORY");
    client = new GatewayClient(gateway.port());
  }

  @AfterAll
  static void close() {
    if (client != null) {
      client.close();
      gateway.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void publisherWithoutTheRightToWrite_isToldOperationAndTopic() throws Exception {
    cluster.createTopic(topic, Backend.PARTITIONS);
    assertDenied(
        statusOf(() -> client.publish(topic, "key", "value")), "publish to topic " + topic);

    allow(ResourceType.TOPIC, topic, AclOperation.DESCRIBE);

    assertDenied(
        statusOf(() -> client.publish(topic, "key", "value")), "publish to topic " + topic);
  }

  @Test
  void batchWithoutTheRightToWrite_isToldOperationAndTopicOfEachRecord() {
    cluster.createTopic(topic, Backend.PARTITIONS);
    var other = topic + "-2";
    cluster.createTopic(other, Backend.PARTITIONS);

    var results = client.publishBatch(List.of(record(topic), record("/"), record(other)));

    assertThat(results.get(0).getError().getMessage())
        .startsWith("not allowed to publish to topic " + topic + ": Kafka: ");
    assertThat(results.get(1).getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
    assertThat(results.get(2).getError().getMessage())
        .startsWith("not allowed to publish to topic " + other + ": Kafka: ");
  }

  @Test
  void subscriberWithoutAnyRight_isToldOperationTopicAndGroup() {
    cluster.createTopic(topic, Backend.PARTITIONS);

    assertDenied(
        client.subscribe(topic, group, 2).status(),
        "subscribe to topic " + topic + " as group " + group + " version 2");
  }

  @Test
  void subscriberWithoutTheRightToItsGroup_isToldOperationTopicAndGroup() throws Exception {
    cluster.createTopic(topic, Backend.PARTITIONS);
    allow(ResourceType.TOPIC, topic, AclOperation.READ);

    assertDenied(
        client.subscribe(topic, group, 0).status(),
        "subscribe to topic " + topic + " as group " + group);
  }

  @Test
  void subscriberWithoutTheRightToRead_isToldOperationTopicAndGroup() throws Exception {
    cluster.createTopic(topic, Backend.PARTITIONS);
    allow(ResourceType.TOPIC, topic, AclOperation.DESCRIBE);
    allow(ResourceType.GROUP, group, AclOperation.READ);

    assertDenied(
        client.subscribe(topic, group, 0).status(),
        "subscribe to topic " + topic + " as group " + group);
  }

  @Test
  void endOffsetsWithoutTheRightToDescribe_areRefusedWithOperationAndTopic() {
    cluster.createTopic(topic, Backend.PARTITIONS);

    assertDenied(statusOf(() -> client.endOffsets(topic)), "read end offsets of topic " + topic);
  }

  private static void assertDenied(Status status, String operation) {
    assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(status.getDescription()).startsWith("not allowed to " + operation + ": Kafka: ");
  }

  private static PublishRequest record(String topic) {
    return PublishRequest.newBuilder().setTopic(topic).setValue(bytes("value")).build();
  }

  private static void allow(ResourceType type, String name, AclOperation operation)
      throws Exception {
    var resource = new ResourcePattern(type, name, PatternType.LITERAL);
    var entry = new AccessControlEntry("User:" + USER, "*", operation, AclPermissionType.ALLOW);
    cluster
        .admin()
        .createAcls(List.of(new AclBinding(resource, entry)))
        .all()
        .get(BOUND.toSeconds(), TimeUnit.SECONDS);
  }
}
