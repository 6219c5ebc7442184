package io.liiklus.faults.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.Event.ReceiveOpened;
import io.liiklus.faults.journal.Event.Received;
import io.liiklus.faults.journal.History.Place;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Journals in which a group waits for records, or does not. */
class PauseTest {

  private static final String GROUP = "g";
  private static final Place PLACE = new Place(GROUP, 0);

  private final List<Event> events = new ArrayList<>();

  @BeforeEach
  void open() {
    events.add(new ReceiveOpened(0, 1, GROUP, "m", 0));
    events.add(new ReceiveOpened(0, 2, GROUP, "m", 0));
  }

  @Test
  void record_waitsFromTheDeliveryBeforeIt() {
    published(1, 0);
    published(2, 1);
    received(5, 1, 0);
    received(45, 2, 1);

    assertThat(longest(0)).isEqualTo(new Pause(PLACE, 5, 40));
  }

  @Test
  void noWaitingRecord_isNoPause() {
    published(1, 0);
    received(2, 1, 0);
    published(90, 1);
    received(92, 1, 1);

    assertThat(longest(0)).isEqualTo(new Pause(PLACE, 90, 2));
  }

  @Test
  void repeatedRecord_isADelivery() {
    published(1, 0);
    published(2, 1);
    received(5, 1, 0);
    received(25, 2, 0);
    received(35, 2, 1);

    assertThat(longest(0)).isEqualTo(new Pause(PLACE, 5, 20));
  }

  @Test
  void unreceivedRecord_waitsUntilNow() {
    published(1, 0);
    received(2, 1, 0);
    published(10, 1);

    assertThat(longest(0)).isEqualTo(new Pause(PLACE, 10, 90));
  }

  @Test
  void groupBeforeItsFirstRecord_doesNotPause() {
    published(1, 0);
    received(50, 1, 0);

    assertThat(longest(0)).isNull();
  }

  @Test
  void pauseOverBefore_doesNotCount() {
    published(1, 0);
    published(1, 1);
    received(2, 1, 0);
    received(40, 1, 1);
    published(50, 2);
    received(53, 1, 2);

    assertThat(longest(41)).isEqualTo(new Pause(PLACE, 50, 3));
  }

  @Test
  void recordAnsweredAfterItWasReceived_waitsForNothing() {
    published(1, 0);
    received(2, 1, 0);
    received(3, 1, 1);
    published(4, 1);

    assertThat(longest(3)).isNull();
  }

  private void published(long atNs, long offset) {
    events.add(new Published(atNs, "k", "k:" + offset, 0, offset));
  }

  private void received(long atNs, long receive, long offset) {
    events.add(new Received(atNs, receive, offset, "k:" + offset));
  }

  private Pause longest(long sinceNs) {
    return Pause.longest(events, List.of(GROUP), sinceNs, 100);
  }
}
