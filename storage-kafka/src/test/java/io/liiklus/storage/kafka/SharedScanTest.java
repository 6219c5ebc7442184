package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What is kept for groups that are close together, and for whom of them it is. */
class SharedScanTest extends NoTrouble {

  private static final TopicPartition ID = new TopicPartition("topic", 0);
  private static final PartitionLog LOG = new PartitionLog(ID, new Uuid(1, 1));

  /** In one go; not as far as {@link #AWAY}. */
  private static final PrefetchingReader.Limits LIMITS = new PrefetchingReader.Limits(400, 1);

  private static final int AWAY = 40;

  /** To keep for other groups; farther than {@link #AWAY}. */
  private static final long MUCH = 1 << 20;

  private final SharedScan sharedScan = new SharedScan();

  /** One that is only looked at: it reads nothing. */
  private PartitionFetcher join(long from) {
    var fetcher =
        new PartitionFetcher(
            new PartitionFetcher.Origin(LOG, from),
            LIMITS,
            new PartitionFetcher.Sources(null, null),
            this,
            () -> {
              throw new IllegalStateException("nobody asks");
            });
    sharedScan.join(fetcher);
    return fetcher;
  }

  /** Its records are of the leader that is known at its end. */
  private static Fetch fetched(FetchPosition from, FetchPosition next, long... offsets) {
    var records =
        LongStream.of(offsets)
            .mapToObj(at -> LogConsumer.record(ID, at, next.epoch(), ByteBuffer.allocate(10)))
            .toList();
    return Fetch.of(from, next, new KafkaRecordBatch(records, true));
  }

  private static Fetch twoRecords(long from) {
    return fetched(new FetchPosition(from, 0), new FetchPosition(from + 2, 0), from, from + 1);
  }

  @Test
  void forASlowGroupNoMoreIsKeptThanItTakesInOneGo() {
    var slow = join(3);
    // What it has ready has waited since time began.
    slow.prefetch().offer(0, twoRecords(1), 0);
    var fast = join(3 * AWAY);
    long slowNs = SharedScan.SLOW.toNanos();
    var soon = twoRecords(3);
    var late = twoRecords(3 + AWAY);

    sharedScan.keep(fast, soon, MUCH, slowNs - 1);
    sharedScan.keep(fast, late, MUCH, slowNs - 1);
    assertThat(sharedScan.find(soon.from())).isSameAs(soon);
    assertThat(sharedScan.find(late.from())).isSameAs(late);

    assertThat(sharedScan.keep(fast, twoRecords(5), MUCH, slowNs)).containsExactly(slow);
    assertThat(sharedScan.keep(fast, twoRecords(5 + AWAY), MUCH, slowNs)).isEmpty();
    assertThat(sharedScan.find(soon.from())).isSameAs(soon);
    assertThat(sharedScan.find(late.from())).isNull();
  }

  @Test
  void whatIsNotOfTheLeadersThatAGroupHasReadIsNotForIt() {
    var reader = join(3);
    join(3);
    var fetched = fetched(new FetchPosition(3, 0), new FetchPosition(6, 1), 3, 5);
    assertThat(sharedScan.keep(reader, fetched, MUCH, 0)).hasSize(1);

    assertThat(sharedScan.find(new FetchPosition(3, 0))).isSameAs(fetched);
    assertThat(sharedScan.find(new FetchPosition(3, 1))).isSameAs(fetched);
    assertThat(sharedScan.find(new FetchPosition(4, 1))).isSameAs(fetched);
    assertThat(sharedScan.find(FetchPosition.named(4))).isSameAs(fetched);
    assertThat(sharedScan.find(new FetchPosition(4, 0))).isNull();
    assertThat(sharedScan.find(new FetchPosition(6, 1))).isNull();
  }
}
