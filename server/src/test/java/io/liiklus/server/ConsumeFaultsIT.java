package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.RedisServer;
import io.liiklus.testing.SharedKafka;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.UUID;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Consume whose storages are away, damaged, or shared by two gateways. */
class ConsumeFaultsIT {

  private final String topic = "topic-" + UUID.randomUUID();

  @TempDir private Path folder;

  @Test
  void awayPositions_letRecordsFlowAndTheNewestIsStoredLater() {
    SharedKafka.cluster().createTopic(topic, 1);
    try (var redis = RedisServer.start();
        var gateway =
            Gateway.start(
                "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
                "--redis.host=" + redis.host(),
                "--redis.port=" + redis.port());
        var client = new GatewayClient(gateway.port());
        var stream = consume(client, 10)) {
      publish(client, 10, "");
      stream.take(10);

      redis.stop();
      stream.ackUpTo(0, 4);
      publish(client, 30, "");
      stream.take(5);
      stream.ackUpTo(0, 14);
      stream.take(10);
      stream.ackUpTo(0, 20);
      redis.restart();

      stream.awaitAcked(0, 20);
      assertThat(client.offsets(topic, "group", 0)).containsEntry(0, 20L);
    }
  }

  @Test
  void unreadableRecords_stopTheirPartitionUntilTheyAreAcked() throws IOException {
    var file = folder.resolve("consume.db");
    var settings = new String[] {"--sql.url=jdbc:sqlite:" + file, "--sql.partitions=1"};
    try (var gateway = Gateway.start(settings);
        var client = new GatewayClient(gateway.port())) {
      publish(client, 200, "x".repeat(2_000));
    }
    damage(file, Files.size(file) / 2);
    try (var gateway = Gateway.start(settings);
        var client = new GatewayClient(gateway.port());
        var stream = consume(client, 1_000)) {
      var failure = stream.next(ConsumeReply::hasFailure).getFailure();
      assertThat(failure.getCode()).isEqualTo(Status.Code.DATA_LOSS.value());
      int before = stream.arrived().size();
      assertThat(failure.getOffset()).isEqualTo(before);

      stream.ackUpTo(0, before - 1);
      var reply = ConsumeReply.newBuilder().setFailure(failure).build();
      long unreadable = failure.getOffset();
      while (reply.hasFailure()) {
        unreadable = reply.getFailure().getOffset();
        stream.ack(0, unreadable);
        reply = stream.next(next -> next.hasFailure() || next.hasRecords());
      }
      assertThat(ConsumeStream.delivered(reply).get(0).offset()).isEqualTo(unreadable + 1);
      stream.awaitAcked(0, unreadable);
    }
  }

  private static void damage(Path file, long from) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(32 << 10), from);
    }
  }

  @Test
  void lostPartition_isRevokedAtOnceAndComesAgain() throws Exception {
    SharedKafka.cluster().createTopic(topic, 1);
    var group = "group-of-" + topic;
    var start = ConsumeStart.newBuilder().setTopic(topic).setGroup(group);
    try (var client = new GatewayClient(Backend.KAFKA_AND_REDIS.gateway().port());
        var stream = ConsumeStream.open(client.channel(), start.build())) {
      publish(client, 5, "");
      stream.take(5);
      stream.ackUpTo(0, 1);
      stream.ack(0, 3L);
      stream.awaitAcked(0, 1);
      stream.next(ConsumeReply::hasAssigned);

      // The broker throws the member out; its next heartbeat tells it that its partition is lost.
      SharedKafka.cluster()
          .admin()
          .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get();

      var revoked = stream.next(ConsumeReply::hasRevoked).getRevoked();
      assertThat(revoked.getLost()).isTrue();
      assertThat(revoked.getPartitionsList()).containsExactly(0);
      assertThat(stream.others()).noneMatch(ConsumeReply::hasRevoking);
      stream.next(ConsumeReply::hasAssigned);
      assertThat(stream.take(3))
          .extracting(ConsumeStream.Delivered::offset)
          .containsExactly(2L, 3L, 4L);
      stream.ackUpTo(0, 4);
      stream.awaitAcked(0, 4);
    }
  }

  @Test
  void membersOfTwoGateways_shareAGroupAndLoseNothing() {
    var backend = Backend.KAFKA_AND_REDIS;
    SharedKafka.cluster().createTopic(topic, Backend.PARTITIONS);
    try (var other = Gateway.start(backend.settings());
        var client = new GatewayClient(backend.gateway().port());
        var otherClient = new GatewayClient(other.port());
        var first = consume(client, 1_000)) {
      for (int i = 0; i < 60; i++) {
        client.publish(topic, "key-" + i, Integer.toString(i));
      }
      var seen = new HashSet<String>();
      first
          .take(60)
          .forEach(
              record -> {
                seen.add(record.value());
                first.ack(record.partition(), record.offset());
              });
      try (var second = consume(otherClient, 1_000)) {
        var revoking = first.next(ConsumeReply::hasRevoking).getRevoking();
        first.release(revoking.getPartitionsList().toArray(Integer[]::new));
        first.next(ConsumeReply::hasRevoked);
        second.next(ConsumeReply::hasAssigned);
        for (int i = 0; i < 60; i++) {
          client.publish(topic, "key-" + i, Integer.toString(60 + i));
        }
        var again = new ArrayList<ConsumeStream.Delivered>();
        await()
            .atMost(GatewayClient.PATIENCE)
            .until(() -> first.arrived().size() + second.arrived().size() >= 60);
        again.addAll(first.arrived());
        again.addAll(second.arrived());
        assertThat(again).extracting(ConsumeStream.Delivered::value).doesNotHaveDuplicates();
        assertThat(again).noneMatch(record -> seen.contains(record.value()));
      }
    }
  }

  private ConsumeStream consume(GatewayClient client, int maxUnacked) {
    return ConsumeStream.open(
        client.channel(),
        ConsumeStart.newBuilder()
            .setTopic(topic)
            .setGroup("group")
            .setMaxUnackedRecords(maxUnacked)
            .build());
  }

  private void publish(GatewayClient client, int count, String value) {
    var requests = new ArrayList<PublishRequest>();
    for (int i = 0; i < count; i++) {
      requests.add(
          PublishRequest.newBuilder()
              .setTopic(topic)
              .setKey(bytes("key"))
              .setValue(bytes(value))
              .build());
    }
    assertThat(client.publishBatch(requests)).allMatch(result -> result.hasReply());
  }
}
