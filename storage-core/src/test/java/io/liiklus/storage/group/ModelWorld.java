package io.liiklus.storage.group;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/** Virtual time, and all that is in it. Confined to the test's thread. */
final class ModelWorld {

  static final long MS = 1_000_000;
  static final long SECOND = 1000 * MS;
  static final long INTERVAL = SECOND;
  static final long SESSION = 10 * SECOND;
  static final long CALL_TIMEOUT = 2 * SECOND;
  static final CoordinationSettings SETTINGS =
      new CoordinationSettings(
          Duration.ofNanos(INTERVAL),
          Duration.ofNanos(SESSION),
          Duration.ofNanos(CALL_TIMEOUT),
          Duration.ofSeconds(2));

  /** More events are a loop. */
  private static final int MOST_EVENTS = 3_000_000;

  /** Something that must hold does not. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;
    final String kind;

    private Violation(String kind, String text) {
      super(kind + ": " + text);
      this.kind = kind;
    }
  }

  private record Event(long at, long number, ModelGateway gateway, Runnable task) {}

  final ModelScenario scenario;
  final Random random;
  final ModelStore store = new ModelStore(this);
  final Map<String, ModelGroup> groups = new TreeMap<>();
  final Map<String, ModelGateway> ids = new HashMap<>();
  final List<ModelGateway> gateways = new ArrayList<>();

  /** Members that have not been asked to leave. */
  final List<ModelMember> members = new ArrayList<>();

  final boolean isTracing;
  long now;
  long healAt;
  long stopAt;
  int begins;
  int deliveries;
  int expulsions;
  int largestDocument;

  private final PriorityQueue<Event> queue =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long numbers;
  private int events;
  private long forgottenAt = -1;

  ModelWorld(ModelScenario scenario, boolean isTracing) {
    this.scenario = scenario;
    this.random = new Random(scenario.seed);
    this.isTracing = isTracing;
    this.healAt = scenario.healAt;
    this.stopAt = scenario.healAt + 5 * SECOND;
    store.latency = scenario.latency;
    store.lose = scenario.lose;
    store.late = scenario.late;
    store.tail = scenario.tail;
    for (int i = 0; i < scenario.partitions.length; i++) {
      var topic = new ModelTopic(this);
      topic.grow(scenario.partitions[i]);
      var key = GroupCoordinator.key("t" + i, "group");
      groups.put(key, new ModelGroup(this, key, topic));
    }
  }

  void at(long time, ModelGateway gateway, Runnable task) {
    queue.add(new Event(time, numbers++, gateway, task));
  }

  @SuppressWarnings("AnnotateFormatMethod") // That annotation would be one more dependency.
  void trace(String format, Object... args) {
    if (isTracing) {
      System.out.printf(Locale.ROOT, "%9.3f %s%n", now / 1e9, String.format(format, args));
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // That annotation would be one more dependency.
  void fail(String kind, String format, Object... args) {
    var text = String.format(Locale.ROOT, "at %.3f ", now / 1e9) + String.format(format, args);
    trace("%s: %s", kind, text);
    throw new Violation(kind, text);
  }

  void run(long until) {
    while (!queue.isEmpty() && queue.peek().at <= until) {
      var event = queue.poll();
      now = Math.max(now, event.at);
      if (isHeldUp(event)) {
        continue;
      }
      events++;
      if (events > MOST_EVENTS) {
        fail("loop", "%d events", events);
      }
      event.task.run();
      if (event.gateway != null) {
        event.gateway.noteLosses();
      }
    }
    now = Math.max(now, until);
  }

  /** By the end or a pause of its gateway. */
  private boolean isHeldUp(Event event) {
    var gateway = event.gateway;
    if (gateway == null) {
      return false;
    }
    if (gateway.isDead) {
      return true;
    }
    if (now < gateway.pausedUntil) {
      // Answers and timers in the order in which they were due.
      queue.add(new Event(gateway.pausedUntil, event.number, gateway, event.task));
      return true;
    }
    if (now < healAt && scenario.hiccup > 0 && random.nextDouble() < scenario.hiccup) {
      gateway.pausedUntil = Math.min(healAt, now + random.nextLong(600 * MS));
    }
    return false;
  }

  ModelGateway start() {
    var gateway = new ModelGateway(this, gateways.size());
    gateways.add(gateway);
    trace("%s starts", gateway);
    return gateway;
  }

  List<ModelGateway> live() {
    return gateways.stream().filter(gateway -> !gateway.isDead && !gateway.isClosing).toList();
  }

  void kill(ModelGateway gateway) {
    if (!gateway.isDead) {
      trace("%s ends", gateway);
      gateway.isDead = true;
      members.removeIf(member -> member.gateway == gateway);
      groups.values().forEach(group -> group.onCause(0));
    }
  }

  void join(ModelGateway gateway, ModelGroup group) {
    group.onCause(1);
    at(now, gateway, () -> gateway.subscribe(group));
  }

  void leave(ModelMember member) {
    member.group.onCause(1);
    members.remove(member);
    at(now, member.gateway, member::close);
  }

  void onMemberLost(ModelMember member) {
    trace("%s was lost", member);
    member.group.onCause(2);
  }

  void onWrite(ModelGateway by, String key, byte[] before, byte[] after) {
    var group = groups.get(key);
    if (group != null) {
      group.onWrite(by, before, after);
    } else if (key.startsWith(GatewayRow.PREFIX) && after == null) {
      onRowRemoved(by, key.substring(GatewayRow.PREFIX.length()));
    }
  }

  private void onRowRemoved(ModelGateway by, String id) {
    var gateway = ids.get(id);
    trace("%s removes the row of %s", by, gateway);
    if (by != gateway) {
      expulsions++;
      groups.values().forEach(group -> group.onCause(1));
      if (scenario.mode == ModelScenario.Mode.OUTAGE) {
        fail("outage", "%s was expelled in an outage of the whole store", gateway);
      }
    }
  }

  void forget(long since) {
    forgottenAt = now;
    store.forget(since);
  }

  boolean hasForgotten() {
    return forgottenAt >= 0;
  }

  /** Whether a gateway has not looked at a row since the store forgot something. */
  boolean mayNotKnow(ModelGateway gateway, String key) {
    return hasForgotten()
        && (now < forgottenAt + 2 * INTERVAL + 3 * CALL_TIMEOUT
            || gateway.seenAt.getOrDefault(key, -1L) < forgottenAt);
  }

  void heal() {
    trace("---- healed");
    store.faultUntil = now;
    store.tail = 0;
    store.latency = Math.min(store.latency, 100 * MS);
    for (var gateway : gateways) {
      gateway.cutUntil = Math.min(gateway.cutUntil, now);
      gateway.pausedUntil = Math.min(gateway.pausedUntil, now);
    }
  }

  /** Rows of gateways that are gone do not stay where anybody sees them. */
  void checkRows() {
    for (var key : store.gatewayRows()) {
      var id = key.substring(GatewayRow.PREFIX.length());
      var gateway = ids.get(id);
      boolean isOwn = !gateway.isDead && gateway.id().equals(id);
      boolean isSeen =
          groups.values().stream()
              .filter(group -> !group.members().isEmpty())
              .anyMatch(group -> group.document().names(id));
      if (!isOwn && isSeen) {
        fail("row", "%s of %s stays", key, gateway);
      }
    }
  }
}
