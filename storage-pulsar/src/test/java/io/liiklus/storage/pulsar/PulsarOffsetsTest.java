package io.liiklus.storage.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.Offsets;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.impl.BatchMessageIdImpl;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.junit.jupiter.api.Test;

class PulsarOffsetsTest {

  private static final long MARK = 1L << 62;

  private final PulsarOffsets records = new PulsarOffsets(false);
  private final PulsarOffsets entries = new PulsarOffsets(true);

  private static MessageIdAdv single(long ledger, long entry) {
    return new MessageIdImpl(ledger, entry, -1);
  }

  private static MessageIdAdv batched(long ledger, long entry, int index, int size) {
    return new BatchMessageIdImpl(ledger, entry, -1, index, size, null);
  }

  private static long original(long ledger, long entry) {
    return ledger << 28 | entry;
  }

  @Test
  void recordsOfABatch_haveOffsetsOfTheirOwn() {
    long first = records.of(batched(7, 3, 0, 3));
    assertThat(first).isEqualTo(MARK | 7L << 32 | 3L << 10);
    assertThat(records.of(batched(7, 3, 1, 3))).isEqualTo(first + 1);
    assertThat(records.of(single(7, 3))).isEqualTo(first);
    assertThat(records.ofEntry(batched(7, 3, 2, 3))).isEqualTo(first);
  }

  @Test
  void offsets_riseWithLedgersEntriesAndBatches() {
    assertThat(
            new long[] {
              records.of(single(7, 3)),
              records.of(batched(7, 3, 1023, 1024)),
              records.of(single(7, 4)),
              records.of(single(7, (1 << 22) - 1)),
              records.of(single(8, 0)),
              records.of(batched((1L << 30) - 1, (1 << 22) - 1, 1023, 1024))
            })
        .isSorted()
        .doesNotHaveDuplicates()
        .endsWith(Long.MAX_VALUE);
  }

  @Test
  void entryNumbers_areTheOriginals() {
    assertThat(entries.of(single(7, 3))).isEqualTo(original(7, 3));
    assertThat(entries.of(batched(7, 3, 0, 1))).isEqualTo(original(7, 3));
  }

  @Test
  void recordOverALimit_hasNoOffsetButARemedy() {
    for (var id :
        new MessageIdAdv[] {
          single(1L << 30, 0), single(0, 1 << 22), batched(1, 1, 1024, 1025),
        }) {
      assertThat(records.of(id)).isEqualTo(Offsets.UNKNOWN);
      assertThat(records.limit(id)).containsAnyOf("managedLedgerMaxEntries", "batchingMaxMessages");
    }
    assertThat(entries.of(batched(7, 3, 0, 2))).isEqualTo(Offsets.UNKNOWN);
    assertThat(entries.limit(batched(7, 3, 0, 2))).contains("pulsar.offsets = record");
    assertThat(records.limit(single(7, 3))).isNull();
  }

  @Test
  void positionsOfTheOriginal_goOnBehindTheirEntry() {
    long resume = Offsets.next(original(7, 3));

    assertThat(records.canonical(resume)).isEqualTo(records.of(single(7, 4)));
    assertThat(entries.canonical(resume)).isEqualTo(resume);
    assertThat(records.canonical(0)).isZero();
    assertThat(entries.canonical(0)).isZero();
  }

  @Test
  void positionsOfRecords_goOnAsEntriesBehindTheirEntry() {
    assertThat(entries.canonical(Offsets.next(records.of(single(7, 3))))).isEqualTo(original(7, 4));
    assertThat(entries.canonical(records.of(single(7, 3)))).isEqualTo(original(7, 3));
    assertThat(records.canonical(records.of(batched(7, 3, 2, 3))))
        .isEqualTo(records.of(batched(7, 3, 2, 3)));
  }

  @Test
  void start_isTheEntryOfTheOffset() {
    assertThat(PulsarOffsets.start(0)).isEqualTo(MessageId.earliest);
    assertThat(PulsarOffsets.start(records.of(batched(7, 3, 2, 3)))).isEqualTo(single(7, 3));
    assertThat(PulsarOffsets.start(original(7, 3))).isEqualTo(single(7, 3));
  }

  @Test
  void order_isThatOfLedgersAndEntries() {
    long offset = records.of(batched(7, 3, 2, 3));
    assertThat(PulsarOffsets.isBefore(single(6, 9), offset)).isTrue();
    assertThat(PulsarOffsets.isBefore(single(7, 2), offset)).isTrue();
    assertThat(PulsarOffsets.isBefore(single(7, 3), offset)).isFalse();
    assertThat(PulsarOffsets.ledger(offset)).isEqualTo(7);
    assertThat(PulsarOffsets.ledger(original(7, 3))).isEqualTo(7);
    assertThat(PulsarOffsets.lastOfEntry(offset)).isEqualTo(records.of(batched(7, 3, 1023, 1024)));
  }
}
