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

/** A {@link PollLoop} that a test of another package turns. Confined to the test's thread. */
public final class SteppedPollLoop {

  /** How long a poll waits when there is nothing to do. */
  public static final Duration POLL = Duration.ofMillis(250);

  /** How often it is looked whether the topic was made anew. */
  public static final Duration TOPIC_CHECK = Duration.ofSeconds(30);

  /** What a log holds, see {@link LogRanges.LogRange}. */
  public record Held(long start, long end, long visibleEnd) {}

  /** Tells what the logs of a topic hold. */
  public interface Logs {

    CompletionStage<Uuid> topicId();

    CompletionStage<Map<Integer, Held>> held(Set<Integer> partitions);
  }

  /** What a loop works with. */
  public record Parts(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      Logs logs,
      SubscriptionListener listener,
      LongSupplier clockNs) {}

  /** What a loop is to do. */
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
      return new LogRange(new OffsetRange(log.start(), log.end()), log.visibleEnd());
    }
  }

  private final PollLoop loop;

  /** Subscribes. A rebalance waits for nobody: what is to happen meanwhile, the listener does. */
  public SteppedPollLoop(Parts parts, Order order, long handOffBytes) {
    var bounds =
        new PollLoop.Bounds(
            handOffBytes,
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ZERO,
            Duration.ZERO,
            POLL,
            Duration.ofMillis(200),
            TOPIC_CHECK);
    loop =
        new PollLoop(
            new PollLoop.Parts(
                parts.consumer(), new Ranges(parts.logs()), parts.listener(), parts.clockNs()),
            new PollLoop.Order(
                order.request(),
                new StartPositions.FirstLook(order.topicId(), order.partitionCount()),
                order.skipsUnreadable()),
            bounds);
    loop.subscribe();
  }

  public void turn() {
    loop.runOnce();
  }

  public void close() {
    loop.close();
  }

  public void leave() {
    loop.leave();
  }
}
