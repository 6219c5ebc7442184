package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Uuid;

/**
 * A {@link GroupMembership} that a test of another package turns. Confined to the test's thread.
 */
public final class SteppedMember {

  /** How often it is looked whether the topic was made anew. */
  public static final Duration TOPIC_CHECK = Duration.ofSeconds(30);

  /** How long nobody turns it who was not woken. */
  private static final Duration STILL = Duration.ofMillis(250);

  /** What a log holds, see {@link LogRanges.LogRange}. */
  public record Held(long start, long end, long visibleEnd, int epoch) {}

  /** Tells what the logs of a topic hold. */
  public interface Logs {

    CompletionStage<Uuid> topicId();

    CompletionStage<Map<Integer, Held>> held(Set<Integer> partitions);
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
      SubscriptionRequest request, Uuid topicId, int partitionCount, boolean skipsUnreadable) {}

  private record Ranges(Logs logs) implements LogRanges {

    @Override
    public CompletionStage<Uuid> topicId(String topic) {
      return logs.topicId();
    }

    @Override
    public CompletionStage<Map<Integer, LogRange>> ranges(String topic, Set<Integer> partitions) {
      return logs.held(partitions)
          .thenApply(
              held -> {
                var ranges = new HashMap<Integer, LogRange>();
                held.forEach((id, log) -> ranges.put(id, range(log)));
                return ranges;
              });
    }

    private static LogRange range(Held log) {
      var visibleEnd = new FetchPosition(log.visibleEnd(), log.epoch());
      return new LogRange(new OffsetRange(log.start(), log.end()), visibleEnd);
    }
  }

  private final LongSupplier clockNs;
  private final CommandQueue tasks;
  private final GroupMembership member;

  private boolean isAsleep;
  private long asleepNs;

  /** Subscribes. A rebalance waits for nobody: what is to happen meanwhile, the listener does. */
  public SteppedMember(Parts parts, Order order) {
    clockNs = parts.clockNs();
    tasks = new CommandQueue(clockNs, () -> isAsleep = false);
    var bounds =
        new GroupMembership.Bounds(
            Duration.ofMillis(50),
            Duration.ZERO,
            Duration.ofMillis(200),
            TOPIC_CHECK,
            order.skipsUnreadable());
    var sharing =
        new GroupMembership.Sharing(
            new Ranges(parts.logs()),
            parts.reading()::fetcher,
            (acksWritten, longest) -> {},
            bounds,
            new StandingFaults(clockNs));
    var firstLook = new StartOffsets.FirstLook(order.topicId(), order.partitionCount());
    member =
        new GroupMembership(
            parts.consumer(),
            new GroupMembership.Order(order.request(), firstLook),
            parts.listener(),
            tasks,
            sharing);
    member.subscribe();
  }

  /** Whether nothing was left to do for it since its last turn, and nothing has become due. */
  public boolean isAsleep() {
    return isAsleep && clockNs.getAsLong() == asleepNs;
  }

  /** The first part of a turn: what is due. */
  public void runDue() {
    tasks.endPoll();
    tasks.runDue();
  }

  /** The rest of a turn. */
  public void poll() {
    member.poll();
    isAsleep = true;
    asleepNs = clockNs.getAsLong();
    if (tasks.beginPoll(STILL.toNanos()) == 0) {
      isAsleep = false;
    }
  }

  public void leave() {
    member.leave();
  }
}
