package io.liiklus.storage.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is kept for groups that are close together, and for which of them. */
class SharedScanTest {

  /** In one go; not as far as {@link #AWAY}. */
  private static final long PREFETCH = 400;

  private static final int AWAY = 40;

  /** To keep for other groups; farther than {@link #AWAY}. */
  private static final long MUCH = 1 << 20;

  private final SharedScan scan = new SharedScan();

  /**
   * @param queuedNs when what its client has not taken was queued; -1: it takes all at once
   */
  private record Member(FetchPosition next, long queuedNs) implements ScanMember {

    @Override
    public long waitedNs(long nowNs) {
      return queuedNs < 0 ? 0 : nowNs - queuedNs;
    }

    @Override
    public long prefetchBytes() {
      return PREFETCH;
    }
  }

  private Member join(long from) {
    return join(new Member(FetchPosition.named(from), -1));
  }

  private Member join(Member member) {
    scan.join(member);
    return member;
  }

  /** Its records are of the leader that is known at its end. */
  private static Fetch fetch(FetchPosition from, FetchPosition next, long... offsets) {
    var log = new FakeLog();
    log.epoch = next.epoch();
    LongStream.of(offsets).forEach(offset -> log.add(offset, 10));
    return Fetch.of(from, next, new FakeBatch(List.copyOf(log.records.values())));
  }

  private static Fetch twoRecords(long from) {
    return fetch(new FetchPosition(from, 0), new FetchPosition(from + 2, 0), from, from + 1);
  }

  @Test
  void slowGroup_isKeptNoMoreThanItTakesInOneGo() {
    var slow = join(new Member(FetchPosition.named(3), 0));
    var fast = join(3 * AWAY);
    long slowNs = SharedScan.SLOW.toNanos();
    var soon = twoRecords(3);
    var late = twoRecords(3 + AWAY);

    scan.keep(fast, soon, MUCH, slowNs - 1);
    scan.keep(fast, late, MUCH, slowNs - 1);
    assertThat(scan.find(soon.from())).isSameAs(soon);
    assertThat(scan.find(late.from())).isSameAs(late);

    assertThat(scan.keep(fast, twoRecords(5), MUCH, slowNs)).containsExactly(slow);
    assertThat(scan.keep(fast, twoRecords(5 + AWAY), MUCH, slowNs)).isEmpty();
    assertThat(scan.find(soon.from())).isSameAs(soon);
    assertThat(scan.find(late.from())).isNull();
  }

  @Test
  void fetchOfOtherLeaders_isNotForAGroup() {
    var reader = join(3);
    join(new Member(FetchPosition.named(3), 0));
    var fetch = fetch(new FetchPosition(3, 0), new FetchPosition(6, 1), 3, 5);
    assertThat(scan.keep(reader, fetch, MUCH, 0)).hasSize(1);

    assertThat(scan.find(new FetchPosition(3, 0))).isSameAs(fetch);
    assertThat(scan.find(new FetchPosition(3, 1))).isSameAs(fetch);
    assertThat(scan.find(new FetchPosition(4, 1))).isSameAs(fetch);
    assertThat(scan.find(FetchPosition.named(4))).isSameAs(fetch);
    assertThat(scan.find(new FetchPosition(4, 0))).isNull();
    assertThat(scan.find(new FetchPosition(6, 1))).isNull();
  }
}
