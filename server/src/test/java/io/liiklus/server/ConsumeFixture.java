package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;

import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Gateway, topic and records of the tests of what a Consume promises. */
abstract class ConsumeFixture {

  static final int PARTITIONS = 3;
  static final String GROUP = "group";

  private final Gateway gateway = gateway();
  final String topic = newTopic();
  GatewayClient client;

  /** One gateway for all tests of the class. */
  abstract Gateway gateway();

  /** The settings of one more gateway on the same storage; null: it cannot be shared. */
  abstract String[] settings();

  /** A topic of {@link #PARTITIONS} that no other test uses. */
  abstract String newTopic();

  static String name() {
    return "topic-" + UUID.randomUUID();
  }

  @BeforeEach
  void open() {
    client = new GatewayClient(gateway.port());
  }

  @AfterEach
  void close() {
    client.close();
  }

  ConsumeStart.Builder begin() {
    return ConsumeStart.newBuilder().setTopic(topic).setGroup(GROUP);
  }

  ConsumeStream consume(ConsumeStart.Builder start) {
    return ConsumeStream.open(client.channel(), start.build());
  }

  static Long[] longs(long from, long to) {
    var all = new ArrayList<Long>();
    for (long i = from; i < to; i++) {
      all.add(i);
    }
    return all.toArray(Long[]::new);
  }

  /** All to one partition, with the record's number as the value. */
  int publish(int count) {
    return publish("key", count);
  }

  int publish(String key, int count) {
    var requests = new ArrayList<PublishRequest>();
    for (int i = 0; i < count; i++) {
      requests.add(request(key, Integer.toString(i)));
    }
    return client.publishBatch(requests).get(0).getReply().getPartition();
  }

  PublishRequest request(String key, String value) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setKey(bytes(key))
        .setValue(bytes(value))
        .build();
  }

  void publishLarge(int count) {
    for (int i = 0; i < count; i++) {
      client.publish(topic, "key", "v".repeat(100_000));
    }
  }

  void publishEvent(String id) {
    var event = LiiklusEvent.newBuilder().setId(id).setType("type").setSource("/test");
    var unused =
        client
            .stub()
            .publish(
                PublishRequest.newBuilder()
                    .setTopic(topic)
                    .setKey(bytes("key"))
                    .setLiiklusEvent(event)
                    .build());
  }

  List<Integer> publishToTwo(int count) {
    int first = publish(count);
    for (int i = 0; ; i++) {
      var key = "other-" + i;
      if (partitionOf(key) != first) {
        return List.of(first, publish(key, count));
      }
    }
  }

  /** So many records in each partition. */
  void publishToAll(int count) {
    var left = new HashMap<Integer, Integer>();
    for (int i = 0; left.size() < PARTITIONS; i++) {
      var key = "all-" + i;
      int partition = partitionOf(key);
      if (left.putIfAbsent(partition, 1) == null) {
        publish(key, count);
      }
    }
  }

  /** Finds the partition of a key in a topic of its own, as all topics have as many. */
  int partitionOf(String key) {
    return client.publish(scratch(), key, "").getPartition();
  }

  private String scratch;

  private String scratch() {
    if (scratch == null) {
      scratch = newTopic();
    }
    return scratch;
  }
}
