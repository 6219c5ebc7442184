package io.liiklus.storage.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacedReaderTest {

  private static final LogId LOG = new LogId("topic", 0, "1");
  private static final LogId OTHER = new LogId("topic", 1, "1");

  private final FakeLog log = new FakeLog();
  private final PlacedReader reader =
      new PlacedReader(FakeLogReader.readers(Map.of(LOG, log, OTHER, new FakeLog())));

  PlacedReaderTest() {
    for (long offset = 0; offset < 10; offset++) {
      log.add(offset, 10);
    }
    reader.open();
  }

  /** The offset behind what is fetched, and takes it. */
  private long fetch() {
    var found = (FetchOutcome.Records) fetchAll().get(0);
    reader.advance(found.next());
    return found.next().offset();
  }

  private List<FetchOutcome> fetchAll() {
    return reader.fetch(() -> Duration.ZERO);
  }

  @Test
  void fetchBehindTheOneBefore_seeksNothing() {
    reader.place(LOG, FetchPosition.named(3));
    assertThat(fetch()).isEqualTo(4);
    reader.place(LOG, reader.position());
    assertThat(fetch()).isEqualTo(5);
  }

  @Test
  void forgottenPosition_isSoughtAgain() {
    reader.place(LOG, FetchPosition.named(3));
    fetchAll();
    reader.forgetPosition();
    reader.place(LOG, FetchPosition.named(3));
    assertThat(fetch()).isEqualTo(4);
  }

  @Test
  void anotherLog_takesThePlaceOfTheOneBefore() {
    reader.place(LOG, FetchPosition.named(3));
    reader.place(OTHER, FetchPosition.named(0));
    assertThat(fetchAll())
        .singleElement()
        .isInstanceOfSatisfying(
            FetchOutcome.Records.class, found -> assertThat(found.log()).isEqualTo(OTHER));
  }

  @Test
  void wakeUpBeforeAFetch_endsNoFetch() {
    reader.place(LOG, FetchPosition.named(3));
    reader.wakeUp();
    assertThat(fetch()).isEqualTo(4);
  }

  @Test
  void wakeUpOnceTheFetchHasBegun_endsIt() {
    reader.place(LOG, FetchPosition.named(3));
    var found =
        reader.fetch(
            () -> {
              reader.wakeUp();
              return Duration.ZERO;
            });
    assertThat(found).isEmpty();
  }

  @Test
  void closedReader_isOpenedAgainWithoutAPlace() {
    reader.place(LOG, FetchPosition.named(3));
    reader.close();
    assertThat(reader.log()).isNull();
    assertThat(reader.position()).isNull();
    reader.open();
    reader.place(LOG, FetchPosition.named(7));
    assertThat(fetch()).isEqualTo(8);
  }
}
