package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What is kept for groups that are close together, and for whom of them it is. */
class CompanionsTest extends NoTrouble {

  private static final TopicPartition ID = new TopicPartition("topic", 0);
  private static final PartitionLog LOG = new PartitionLog(ID, new Uuid(1, 1));

  /** In one go; not as far as {@link #AWAY}. */
  private static final HandOff.Limits LIMITS = new HandOff.Limits(400, 1);

  private static final int AWAY = 40;

  /** To keep for other groups; farther than {@link #AWAY}. */
  private static final long MUCH = 1 << 20;

  private final Companions companions = new Companions();

  /** One that is only looked at: it reads nothing. */
  private PartitionFeed join(long from) {
    var feed =
        new PartitionFeed(
            new PartitionFeed.Origin(LOG, from),
            LIMITS,
            new PartitionFeed.Sources(null, null),
            this,
            () -> {
              throw new IllegalStateException("nobody asks");
            });
    companions.join(feed);
    return feed;
  }

  /** Its records are of the leader that is known at its end. */
  private static Fetched fetched(LogPosition from, LogPosition next, long... offsets) {
    var records =
        LongStream.of(offsets)
            .mapToObj(at -> LogConsumer.record(ID, at, next.epoch(), ByteBuffer.allocate(10)))
            .toList();
    return Fetched.of(from, next, new KafkaRecordBatch(records, true));
  }

  private static Fetched twoRecords(long from) {
    return fetched(new LogPosition(from, 0), new LogPosition(from + 2, 0), from, from + 1);
  }

  @Test
  void forASlowGroupNoMoreIsKeptThanItTakesInOneGo() {
    var slow = join(3);
    // What it has ready has waited since time began.
    slow.handOff().offer(0, twoRecords(1), 0);
    var fast = join(3 * AWAY);
    long slowNs = Companions.SLOW.toNanos();
    var soon = twoRecords(3);
    var late = twoRecords(3 + AWAY);

    companions.keep(fast, soon, MUCH, slowNs - 1);
    companions.keep(fast, late, MUCH, slowNs - 1);
    assertThat(companions.find(soon.from())).isSameAs(soon);
    assertThat(companions.find(late.from())).isSameAs(late);

    assertThat(companions.keep(fast, twoRecords(5), MUCH, slowNs)).containsExactly(slow);
    assertThat(companions.keep(fast, twoRecords(5 + AWAY), MUCH, slowNs)).isEmpty();
    assertThat(companions.find(soon.from())).isSameAs(soon);
    assertThat(companions.find(late.from())).isNull();
  }

  @Test
  void whatIsNotOfTheLeadersThatAGroupHasReadIsNotForIt() {
    var reader = join(3);
    join(3);
    var fetched = fetched(new LogPosition(3, 0), new LogPosition(6, 1), 3, 5);
    assertThat(companions.keep(reader, fetched, MUCH, 0)).hasSize(1);

    assertThat(companions.find(new LogPosition(3, 0))).isSameAs(fetched);
    assertThat(companions.find(new LogPosition(3, 1))).isSameAs(fetched);
    assertThat(companions.find(new LogPosition(4, 1))).isSameAs(fetched);
    assertThat(companions.find(LogPosition.named(4))).isSameAs(fetched);
    assertThat(companions.find(new LogPosition(4, 0))).isNull();
    assertThat(companions.find(new LogPosition(6, 1))).isNull();
  }
}
