package io.liiklus.storage.kafka.group;

import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.group.AssignedPartitions;
import io.liiklus.storage.group.GroupSettings;
import io.liiklus.storage.group.LogRanges;
import io.liiklus.storage.group.StartOffsets;
import io.liiklus.storage.kafka.KafkaTestStorage;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.read.CommandQueue;
import io.liiklus.storage.read.LogRange;
import io.liiklus.storage.read.SteppedReading;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * A {@link GroupMembership} that a test of another package turns. Confined to the test's thread.
 */
public final class SteppedMember {

  /** How often it is looked whether the topic was made anew. */
  public static final Duration TOPIC_CHECK = Duration.ofSeconds(30);

  private static final Duration RETRY = Duration.ofMillis(200);

  /** How long nobody turns it who was not woken. */
  private static final Duration STILL = Duration.ofMillis(250);

  /** Tells what the logs of a topic hold. */
  public interface Logs {

    CompletionStage<String> topicId();

    CompletionStage<Map<Integer, LogRange>> held(Set<Integer> partitions);
  }

  /** What a member works with. */
  public record Parts(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      Logs logs,
      SteppedReading reading,
      SubscriptionListener listener,
      LongSupplier clockNs) {}

  /** What a member is to do. */
  public record Order(
      SubscriptionRequest request, String topicId, int partitionCount, boolean skipsUnreadable) {}

  private record Ranges(Logs logs) implements LogRanges {

    @Override
    public CompletionStage<String> incarnation(String topic) {
      return logs.topicId();
    }

    @Override
    public CompletionStage<Map<Integer, LogRange>> ranges(String topic, Set<Integer> partitions) {
      return logs.held(partitions);
    }
  }

  private final LongSupplier clockNs;
  private final CommandQueue commands;
  private final GroupMembership member;

  private boolean isAsleep;
  private long asleepNs;

  /** Subscribes. A rebalance waits for nobody: what is to happen meanwhile, the listener does. */
  public SteppedMember(Parts parts, Order order) {
    clockNs = parts.clockNs();
    commands = new CommandQueue(clockNs, () -> isAsleep = false);
    var settings =
        KafkaSettings.read(
            KafkaTestStorage.settings("127.0.0.1:1")
                .with("revokeTimeout", "50ms")
                .with("closeTimeout", "1ms"));
    var firstLook = new StartOffsets.FirstLook(order.topicId(), order.partitionCount());
    var partitions =
        new AssignedPartitions(
            new StartOffsets(order.request(), firstLook, parts.listener()),
            new Ranges(parts.logs()),
            parts.reading().reading(),
            commands,
            new GroupSettings(RETRY, TOPIC_CHECK, order.skipsUnreadable()));
    member =
        new GroupMembership(
            parts.consumer(),
            order.request(),
            partitions,
            (acksWritten, longest) -> {},
            new StandingFaults(clockNs),
            settings);
    member.subscribe();
  }

  /** Whether nothing was left to do for it since its last turn, and nothing has become due. */
  public boolean isAsleep() {
    return isAsleep && clockNs.getAsLong() == asleepNs;
  }

  /** The first part of a turn: what is due. */
  public void runDue() {
    commands.endPoll();
    commands.runDue();
  }

  /** The rest of a turn. */
  public void poll() {
    member.poll();
    isAsleep = true;
    asleepNs = clockNs.getAsLong();
    if (commands.beginPoll(STILL.toNanos()) == 0) {
      isAsleep = false;
    }
  }

  public void leave() {
    member.leave();
  }
}
