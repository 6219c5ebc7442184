package io.liiklus.faults.journal;

import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.Event.ReceiveOpened;
import io.liiklus.faults.journal.Event.Received;
import io.liiklus.faults.journal.History.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Time in which a group received nothing of a partition while a record waited there: from the
 * delivery before, or from the answer to the record's Publish where that came later. The wait of a
 * group for its first record of a partition is no pause. Immutable.
 */
public record Pause(Place place, long fromNs, long lastedNs) {

  private static final Comparator<Pause> BY_LENGTH = Comparator.comparingLong(Pause::lastedNs);

  /**
   * The longest of them; null where no record of these groups waited.
   *
   * @param events all that happened, in order
   * @param sinceNs those that were over before do not count
   * @param nowNs when one that lasts still is taken to end
   */
  public static Pause longest(
      List<Event> events, Collection<String> groups, long sinceNs, long nowNs) {
    var published = new HashMap<Integer, TreeMap<Long, Long>>();
    var places = new HashMap<Long, Place>();
    var received = new HashMap<Place, List<Received>>();
    for (var event : events) {
      if (event instanceof Published one) {
        published
            .computeIfAbsent(one.partition(), none -> new TreeMap<>())
            .put(one.offset(), one.atNs());
      } else if (event instanceof ReceiveOpened one) {
        places.put(one.receive(), new Place(one.group(), one.partition()));
      } else if (event instanceof Received one) {
        received.computeIfAbsent(places.get(one.receive()), none -> new ArrayList<>()).add(one);
      }
    }
    return published.keySet().stream()
        .flatMap(partition -> groups.stream().map(group -> new Place(group, partition)))
        .flatMap(
            place ->
                of(
                    place,
                    published.get(place.partition()),
                    received.getOrDefault(place, List.of()),
                    nowNs)
                    .stream())
        .filter(pause -> pause.fromNs() + pause.lastedNs() >= sinceNs)
        .max(BY_LENGTH)
        .orElse(null);
  }

  private static List<Pause> of(
      Place place, Map<Long, Long> published, List<Received> received, long nowNs) {
    var waiting = new TreeMap<>(published);
    var pauses = new ArrayList<Pause>();
    long lastNs = Long.MIN_VALUE;
    for (var one : received) {
      add(place, waiting, lastNs, one.atNs(), pauses);
      waiting.remove(one.offset());
      lastNs = one.atNs();
    }
    add(place, waiting, lastNs, nowNs, pauses);
    return pauses;
  }

  private static void add(
      Place place, TreeMap<Long, Long> waiting, long lastNs, long endNs, List<Pause> pauses) {
    boolean isFirst = lastNs == Long.MIN_VALUE;
    if (!isFirst && !waiting.isEmpty()) {
      long fromNs = Math.max(lastNs, waiting.firstEntry().getValue());
      if (fromNs < endNs) {
        pauses.add(new Pause(place, fromNs, endNs - fromNs));
      }
    }
  }
}
