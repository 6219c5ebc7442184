package io.liiklus.server.gateway;

import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/**
 * A client of a group as the README describes it: opens a Receive for each assignment, acks what it
 * has read. Confined to the test's thread.
 */
public final class GroupMember implements AutoCloseable {

  private final GatewayClient client;
  private final String topic;
  private final String group;
  private final GatewayStream<SubscribeReply> subscription;
  private final Map<Integer, GatewayStream<ReceiveReply>> receives = new HashMap<>();
  private final Map<Integer, Long> lastRead = new HashMap<>();

  public GroupMember(GatewayClient client, String topic, String group) {
    this.client = client;
    this.topic = topic;
    this.group = group;
    this.subscription = client.subscribe(topic, group, 0);
  }

  public void awaitAssignment() {
    Awaitility.await()
        .atMost(GatewayClient.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              openReceives();
              return !receives.isEmpty();
            });
  }

  /** Reads at most so many of what has come, and acks them. */
  public void readSome(Set<Long> received, int most) {
    openReceives();
    int[] left = {most};
    receives.forEach(
        (partition, receive) -> {
          var reply = left[0] > 0 ? receive.poll() : null;
          while (reply != null) {
            read(partition, reply.getRecord().getOffset(), received);
            left[0]--;
            receive.request(1);
            reply = left[0] > 0 ? receive.poll() : null;
          }
        });
  }

  public void readAll(Set<Long> received) {
    readSome(received, Integer.MAX_VALUE);
  }

  private void read(int partition, long offset, Set<Long> received) {
    var before = lastRead.put(partition, offset);
    if (before != null && before >= offset) {
      throw new AssertionError(
          "a step back in partition %d: %d after %d".formatted(partition, offset, before));
    }
    received.add(offset);
    client.ack(topic, group, 0, partition, offset);
  }

  private void openReceives() {
    subscription.drainTo(
        reply -> {
          int partition = reply.getAssignment().getPartition();
          var receive = client.receive(reply.getAssignment());
          receive.request(5);
          lastRead.remove(partition);
          receives.put(partition, receive);
        });
    // What came before the partition was taken away is not ours to ack any more.
    receives.values().removeIf(GatewayStream::isEnded);
  }

  @Override
  public void close() {
    subscription.close();
  }
}
