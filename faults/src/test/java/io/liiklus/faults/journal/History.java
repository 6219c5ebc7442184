package io.liiklus.faults.journal;

import io.liiklus.faults.journal.Event.AckEnded;
import io.liiklus.faults.journal.Event.AckSent;
import io.liiklus.faults.journal.Event.GatewayPaused;
import io.liiklus.faults.journal.Event.GatewayResumed;
import io.liiklus.faults.journal.Event.PublishFailed;
import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.Event.ReceiveOpened;
import io.liiklus.faults.journal.Event.Received;
import io.liiklus.faults.journal.Event.Surprise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Events of a journal, put together to calls. Immutable. */
public record History(
    List<Published> published,
    List<String> failedIds,
    List<Receive> receives,
    List<Ack> acks,
    List<Surprise> surprises) {

  /** How long a write that its caller has given up may still be under way: Redis' own bounds. */
  static final long LATE_WRITE_NS = 5_000_000_000L;

  /** The position of a group in a partition. */
  public record Place(String group, int partition) {}

  /** A Receive and its deliveries, in that order. */
  public record Receive(ReceiveOpened opened, List<Received> records) {
    Place place() {
      return new Place(opened.group(), opened.partition());
    }
  }

  /**
   * An Ack's write.
   *
   * @param latestNs after this it is not stored any more; not known yet: the end of time
   * @param isStored whether it was answered OK
   */
  public record Ack(AckSent sent, long latestNs, boolean isStored) {
    Place place() {
      return new Place(sent.group(), sent.partition());
    }
  }

  public static History of(List<Event> events) {
    var published = new ArrayList<Published>();
    var failed = new ArrayList<String>();
    var receives = new LinkedHashMap<Long, Receive>();
    var sent = new LinkedHashMap<Long, AckSent>();
    var ended = new HashMap<Long, AckEnded>();
    var surprises = new ArrayList<Surprise>();
    for (var event : events) {
      if (event instanceof Published one) {
        published.add(one);
      } else if (event instanceof PublishFailed one) {
        failed.add(one.id());
      } else if (event instanceof ReceiveOpened one) {
        receives.put(one.receive(), new Receive(one, new ArrayList<>()));
      } else if (event instanceof Received one) {
        receives.get(one.receive()).records().add(one);
      } else if (event instanceof AckSent one) {
        sent.put(one.ack(), one);
      } else if (event instanceof AckEnded one) {
        ended.put(one.ack(), one);
      } else if (event instanceof Surprise one) {
        surprises.add(one);
      }
    }
    var pauses = Pauses.of(events);
    var acks = sent.values().stream().map(ack -> ack(ack, ended.get(ack.ack()), pauses)).toList();
    return new History(published, failed, List.copyOf(receives.values()), acks, surprises);
  }

  private static Ack ack(AckSent sent, AckEnded ended, Pauses pauses) {
    if (ended == null) {
      return new Ack(sent, Long.MAX_VALUE, false);
    }
    if (ended.status().equals("OK")) {
      return new Ack(sent, ended.atNs(), true);
    }
    long runsNs = pauses.runsAgainNs(sent.gateway(), sent.atNs(), ended.atNs());
    long latestNs = runsNs == Long.MAX_VALUE ? runsNs : runsNs + LATE_WRITE_NS;
    return new Ack(sent, latestNs, false);
  }

  /** When which gateway did not run. */
  private record Pauses(Map<String, List<long[]>> byGateway) {

    static Pauses of(List<Event> events) {
      var byGateway = new HashMap<String, List<long[]>>();
      for (var event : events) {
        if (event instanceof GatewayPaused one) {
          byGateway
              .computeIfAbsent(one.gateway(), none -> new ArrayList<>())
              .add(new long[] {one.atNs(), Long.MAX_VALUE});
        } else if (event instanceof GatewayResumed one) {
          var pauses = byGateway.get(one.gateway());
          pauses.get(pauses.size() - 1)[1] = one.atNs();
        }
      }
      return new Pauses(byGateway);
    }

    /** When a gateway that was paused during a call runs again; the call's end where it was not. */
    long runsAgainNs(String gateway, long fromNs, long toNs) {
      long latest = toNs;
      for (var pause : byGateway.getOrDefault(gateway, List.of())) {
        if (pause[0] <= toNs && pause[1] >= fromNs) {
          latest = Math.max(latest, pause[1]);
        }
      }
      return latest;
    }
  }
}
