package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** All cases, and the choice among them. Immutable. */
public final class Cases {

  private Cases() {}

  /** In the order in which they are measured. */
  public static List<Case> all() {
    var cases = new ArrayList<Case>();
    cases.addAll(List.of(Start.values()));
    cases.addAll(StartPositions.all());
    cases.addAll(Receive.all());
    cases.add(new Consume());
    cases.addAll(Publish.all());
    cases.addAll(StreamedPublish.all());
    cases.addAll(GuardedPublish.all());
    cases.addAll(Flood.all());
    cases.addAll(BesideFlood.all());
    cases.addAll(Latency.all());
    cases.add(new First());
    cases.add(new SlowClient());
    cases.addAll(Skew.all());
    cases.add(new Live());
    cases.addAll(Mixed.all());
    cases.add(new AckFlood());
    cases.add(new CassandraAcks());
    cases.add(new DynamoAcks());
    cases.addAll(SqlPublish.all());
    cases.addAll(SqlReceive.all());
    cases.addAll(SqlLive.all());
    cases.addAll(SqlLatency.all());
    cases.addAll(Idle.all());
    cases.add(new SmallHeap());
    return cases;
  }

  /**
   * Those of the names, and those whose names begin with one of them and a dash.
   *
   * @throws IllegalArgumentException naming the unknown ones
   */
  public static List<Case> named(List<String> names) {
    var chosen = new LinkedHashSet<Case>();
    for (var name : names) {
      var matching =
          all().stream()
              .filter(one -> one.title().equals(name) || one.title().startsWith(name + "-"))
              .toList();
      if (matching.isEmpty()) {
        throw new IllegalArgumentException(name + ": no such case; --list tells them");
      }
      // A whole name means that case alone, though it begins the names of others too.
      var exact = matching.stream().filter(one -> one.title().equals(name)).toList();
      chosen.addAll(exact.isEmpty() ? matching : exact);
    }
    return List.copyOf(chosen);
  }
}
