package io.liiklus.storage.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadLeaseTest {

  private static final long SECOND = 1_000_000_000;

  private long nowNs = Long.MAX_VALUE - 5 * SECOND; // The clock may pass its largest number.
  private int reopened;
  private final ReadLease lease = new ReadLease(ModelWorld.SETTINGS, () -> nowNs, () -> reopened++);

  @Test
  void newGateway_mayNotRead() {
    assertThat(lease.isReadable()).isFalse();
  }

  @Test
  void goodBeat_countsFromWhenItWasSent() {
    long sentNs = nowNs;
    nowNs += SECOND;
    lease.onGoodBeat(sentNs);
    assertThat(reopened).isEqualTo(1);
    nowNs = sentNs + 9 * SECOND;
    assertThat(lease.isReadable()).isTrue();
    nowNs += 1;
    assertThat(lease.isReadable()).isFalse();
  }

  @Test
  void nextGoodBeat_reopensOnlyWhatWasHeldBack() {
    lease.onGoodBeat(nowNs);
    nowNs += SECOND;
    lease.onGoodBeat(nowNs);
    assertThat(reopened).isEqualTo(1);
    nowNs += 20 * SECOND;
    lease.onGoodBeat(nowNs);
    assertThat(reopened).isEqualTo(2);
  }

  @Test
  void refusedBeat_endsTheLeaseAtOnce() {
    lease.onGoodBeat(nowNs);
    lease.onRefusedBeat();
    assertThat(lease.isReadable()).isFalse();
  }

  @Test
  void storeThatIsAway_endsNoReads() {
    lease.onGoodBeat(nowNs);
    for (int i = 0; i < 60; i++) {
      nowNs += SECOND;
      lease.onFailedBeat();
      assertThat(lease.isReadable()).isTrue();
    }
    assertThat(lease.isAway()).isTrue();
    assertThat(reopened).isEqualTo(1);
  }

  @Test
  void oneFailedBeat_isNoOutage() {
    lease.onGoodBeat(nowNs);
    nowNs += 10 * SECOND;
    lease.onFailedBeat();
    assertThat(lease.isReadable()).isFalse();
  }

  @Test
  void failuresFarApart_areNoOutage() {
    lease.onFailedBeat();
    nowNs += 5 * SECOND;
    lease.onFailedBeat();
    assertThat(lease.isAway()).isFalse();
    assertThat(lease.isReadable()).isFalse();
  }
}
