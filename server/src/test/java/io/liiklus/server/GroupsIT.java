package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.GatewayStream;
import io.liiklus.server.gateway.GroupMember;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups: assignments, positions, versions and replay, through a real channel. */
@ParameterizedClass
@EnumSource(Backend.class)
class GroupsIT {

  @Parameter Backend backend;

  private GatewayClient client;
  private String topic;
  private int partition;

  @BeforeEach
  void open() {
    client = new GatewayClient(backend.gateway().port());
    topic = backend.newTopic();
    for (int i = 0; i < 10; i++) {
      partition = client.publish(topic, "key", "value-" + i).getPartition();
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void group_goesOnBehindItsPosition() {
    client.ack(topic, "group", 0, partition, 3);

    assertThat(client.offsets(topic, "group", 0)).containsExactly(Map.entry(partition, 3L));
    assertThat(firstOffset("group", 0)).isEqualTo(4);
  }

  @Test
  void position_canGoBack() {
    client.ack(topic, "group", 0, partition, 7);
    client.ack(topic, "group", 0, partition, 2);
    assertThat(firstOffset("group", 0)).isEqualTo(3);

    client.ack(topic, "group", 0, partition, -1);
    assertThat(client.offsets(topic, "group", 0)).containsEntry(partition, -1L);
    assertThat(firstOffset("group", 0)).isZero();
  }

  @Test
  void versions_havePositionsOfTheirOwn() {
    client.ack(topic, "group", 1, partition, 4);
    client.ack(topic, "group-v2", 0, partition, 6);

    assertThat(client.offsets(topic, "group", 1)).containsExactly(Map.entry(partition, 4L));
    assertThat(client.offsets(topic, "group", 2)).containsExactly(Map.entry(partition, 6L));
    assertThat(client.offsets(topic, "group-v1", 0)).containsExactly(Map.entry(partition, 4L));
    assertThat(client.offsets(topic, "group", 0)).isEmpty();
    assertThat(client.offsets(topic, "group", 3)).isEmpty();
    assertThat(firstOffset("group", 2)).isEqualTo(7);
    assertThat(firstOffset("group", 3)).isZero();
  }

  @Test
  void versionZero_takesOverThePositionOfTheLowestVersion() {
    client.ack(topic, "group", 5, partition, 8);
    client.ack(topic, "group", 2, partition, 4);

    assertThat(firstOffset("group", 0)).isEqualTo(5);
    assertThat(client.offsets(topic, "group", 0)).isEmpty();
  }

  @Test
  void replays_reachToTheHighestPositionOfAnyVersion() {
    client.ack(topic, "group", 1, partition, 5);

    try (var subscription = client.subscribe(topic, "group", 2);
        var receive = client.receive(GatewayClient.assignments(subscription).get(partition))) {
      assertThat(receive.take(10))
          .extracting(reply -> reply.getRecord().getReplay())
          .containsExactly(true, true, true, true, true, true, false, false, false, false);
    }
  }

  @Test
  void allVersions_shareThePartitions() {
    try (var first = client.subscribe(topic, "group", 1)) {
      GatewayClient.assignments(first);
      try (var second = client.subscribe(topic, "group", 2)) {
        assertThat(second.next().getAssignment().getSessionId()).isNotEmpty();
      }
    }
  }

  @Test
  void receiveOfARevokedPartition_endsWithOkAndTheOtherMemberGoesOn() {
    try (var first = client.subscribe(topic, "group", 0)) {
      var held = GatewayClient.assignments(first);
      var receives = new HashMap<Integer, GatewayStream<ReceiveReply>>();
      held.forEach((number, assignment) -> receives.put(number, client.receive(assignment)));
      receives.values().forEach(receive -> receive.request(10));

      try (var second = client.subscribe(topic, "group", 0)) {
        int moved = second.next().getAssignment().getPartition();

        assertThat(receives.get(moved).status()).isEqualTo(Status.OK);
        var ended = client.receive(held.get(moved));
        assertThat(ended.status()).isEqualTo(Status.OK);
      }
      // The one that is left gets everything again, and is told so.
      var back = new HashSet<Integer>();
      await()
          .atMost(GatewayClient.PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                receives.forEach(
                    (number, receive) -> {
                      if (!receive.isEnded()) {
                        back.add(number);
                      }
                    });
                first.drainTo(reply -> back.add(reply.getAssignment().getPartition()));
                return back.size() == Backend.PARTITIONS;
              });
    }
  }

  @Test
  void membersThatComeAndGo_loseNothing() {
    int count = 100;
    for (int i = 10; i < count; i++) {
      client.publish(topic, "key", "value-" + i);
    }
    Set<Long> received = new HashSet<>();
    try (var steady = new GroupMember(client, topic, "group")) {
      for (int round = 0; round < 5; round++) {
        try (var passing = new GroupMember(client, topic, "group")) {
          passing.awaitAssignment();
          readTenMore(steady, passing, received);
        }
      }
      await()
          .atMost(GatewayClient.PATIENCE)
          .until(
              () -> {
                steady.readAll(received);
                return received.size() == count;
              });
    }
    assertThat(client.offsets(topic, "group", 0)).containsEntry(partition, count - 1L);
  }

  private static void readTenMore(GroupMember steady, GroupMember passing, Set<Long> received) {
    int wanted = received.size() + 10;
    await()
        .atMost(GatewayClient.PATIENCE)
        .until(
            () -> {
              steady.readSome(received, 10);
              passing.readSome(received, 10);
              return received.size() >= wanted;
            });
  }

  @Test
  void ackThroughTheAssignment_isStoredForTheSessionsGroup() {
    try (var subscription = client.subscribe(topic, "group-v7", 0)) {
      var assignment = GatewayClient.assignments(subscription).get(partition);

      ackThrough(assignment, 5);

      assertThat(client.offsets(topic, "group", 7)).containsExactly(Map.entry(partition, 5L));
      try (var receive = client.receive(assignment)) {
        assertThat(receive.take(1).get(0).getRecord().getOffset()).isEqualTo(6);
      }
    }
  }

  @Test
  void ackOfAPartitionThatTheSessionNeverHad_isStored() {
    try (var subscription = client.subscribe(topic, "group", 0)) {
      var held = GatewayClient.assignments(subscription).get(partition);

      ackThrough(held.toBuilder().setPartition(Backend.PARTITIONS).build(), 5);

      assertThat(client.offsets(topic, "group", 0)).containsEntry(Backend.PARTITIONS, 5L);
    }
  }

  @Test
  void unknownSession_isAFailedPrecondition() {
    var assignment = Assignment.newBuilder().setSessionId("gone").setPartition(0).build();

    var ack = GatewayClient.statusOf(() -> ackThrough(assignment, 1));
    assertThat(ack.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    var receive = client.receive(assignment).status();
    assertThat(receive.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(receive.getDescription())
        .isEqualTo(
            "this gateway has no such session: call Receive on the channel that Subscribe runs on");
  }

  @Test
  void secondReceiveOnAnAssignment_alreadyExists() {
    try (var subscription = client.subscribe(topic, "group", 0)) {
      var assignment = GatewayClient.assignments(subscription).get(partition);
      try (var first = client.receive(assignment)) {
        first.take(1);
        var second = client.receive(assignment).status();
        assertThat(second.getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
      }
    }
  }

  @Test
  void receivesOfACancelledSubscription_endWithOk() {
    var subscription = client.subscribe(topic, "group", 0);
    var assignment = GatewayClient.assignments(subscription).get(partition);
    var receive = client.receive(assignment);
    // All of them: what was not asked for would keep the end of the stream back.
    receive.take(10);

    subscription.close();

    assertThat(receive.status()).isEqualTo(Status.OK);
    var next = GatewayClient.assignments(client.subscribe(topic, "group", 0));
    assertThat(next.get(partition).getSessionId()).isNotEqualTo(assignment.getSessionId());
  }

  @Test
  void missingTopic_hasNoEndOffsetsAndIsNotCreated() {
    assertThat(client.endOffsets("nothing-" + topic)).isEmpty();
    assertThat(client.endOffsets("nothing-" + topic)).isEmpty();
  }

  @Test
  void groupNames_mayHaveAnyReadableText() {
    var group = "team:a/b · ü 日本 {x}*-v";
    client.ack(topic, group, 0, partition, 3);
    client.ack(topic, group, 9, partition, 4);

    assertThat(client.offsets(topic, group, 0)).containsEntry(partition, 3L);
    assertThat(client.offsets(topic, group, 9)).containsEntry(partition, 4L);
    assertThat(firstOffset(group, 9)).isEqualTo(5);
  }

  @Test
  void publishAfterASubscribe_isReceived() {
    try (var subscription = client.subscribe(topic, "group", 0);
        var receive = client.receive(GatewayClient.assignments(subscription).get(partition))) {
      receive.take(10);
      client.publish(topic, "key", "later");
      assertThat(receive.take(1).get(0).getRecord().getValue()).isEqualTo(bytes("later"));
    }
  }

  @SuppressWarnings("deprecation") // Clients of the original ack this way.
  private void ackThrough(Assignment assignment, long offset) {
    var unused =
        client
            .stub()
            .ack(AckRequest.newBuilder().setAssignment(assignment).setOffset(offset).build());
  }

  private long firstOffset(String group, int version) {
    try (var subscription = client.subscribe(topic, group, version);
        var receive = client.receive(GatewayClient.assignments(subscription).get(partition))) {
      return receive.take(1).get(0).getRecord().getOffset();
    }
  }
}
