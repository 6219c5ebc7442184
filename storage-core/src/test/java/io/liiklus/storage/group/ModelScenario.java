package io.liiklus.storage.group;

import static io.liiklus.storage.group.ModelWorld.MS;
import static io.liiklus.storage.group.ModelWorld.SECOND;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What happens around the protocol in one run: drawn from a seed, and then a list to shorten. */
final class ModelScenario {

  /** Kinds of runs. */
  enum Mode {
    /** Any faults; each seed has some kinds of them. */
    FAULTY,
    /** The whole store is away, again and again: nobody may be expelled, nothing may move. */
    OUTAGE,
    /** A store that forgets what it wrote last, as a failover may. */
    FORGETFUL,
    /** Members that come and go all the time. */
    CHURN,
    /** Ten gateways with three members each join one group at the same moment. */
    STORM,
    /** One change at a time, in peace. */
    CALM
  }

  /** Kinds of changes. */
  enum Kind {
    JOIN,
    LEAVE,
    KILL,
    START,
    STOP,
    PAUSE,
    FREEZE,
    CUT,
    STORE,
    GROW,
    SPLIT,
    MERGE,
    EXPIRE,
    FORGET,
    STORM
  }

  /** A change at a time; what a and b choose depends on its kind. */
  record Change(long at, Kind kind, int a, int b, long length) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f %s %d %d %.2fs", at / 1e9, kind, a, b, length / 1e9);
    }
  }

  final long seed;
  final Mode mode;
  int gateways;
  int members;
  int[] partitions;
  long latency;
  double lose;
  double late;
  double tail;
  double hiccup;
  long healAt = 80 * SECOND;
  List<Change> changes = new ArrayList<>();

  private ModelScenario(Mode mode, long seed) {
    this.mode = mode;
    this.seed = seed;
  }

  ModelScenario with(List<Change> fewer) {
    var other = new ModelScenario(mode, seed);
    other.gateways = gateways;
    other.members = members;
    other.partitions = partitions;
    other.latency = latency;
    other.lose = lose;
    other.late = late;
    other.tail = tail;
    other.hiccup = hiccup;
    other.healAt = healAt;
    other.changes = fewer;
    return other;
  }

  static ModelScenario draw(Mode mode, long seed) {
    var scenario = new ModelScenario(mode, seed);
    var random = new Random(seed * 7919 + mode.name().hashCode());
    scenario.drawFaulty(random);
    switch (mode) {
      case FAULTY -> {}
      case OUTAGE -> scenario.drawOutage(random);
      case FORGETFUL -> {
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
          scenario.add(random, Kind.FORGET, scenario.healAt - 3 * SECOND);
        }
      }
      case CHURN -> scenario.drawChurn(random);
      case STORM -> scenario.drawStorm();
      case CALM -> scenario.drawCalm(random);
    }
    scenario.changes.sort(Comparator.comparingLong(Change::at));
    return scenario;
  }

  private void drawFaulty(Random random) {
    gateways = random.nextInt(8) == 0 ? 10 : 1 + random.nextInt(5);
    partitions = new int[1 + random.nextInt(3)];
    Arrays.setAll(
        partitions, i -> 1 + (random.nextInt(4) == 0 ? random.nextInt(32) : random.nextInt(8)));
    members = 1 + random.nextInt(gateways == 10 ? 30 : 8);
    latency = new long[] {1, 5, 20, 100, 400}[random.nextInt(5)] * MS;
    tail = random.nextInt(2) * 0.02;
    lose = random.nextInt(2) * random.nextDouble() * 0.08;
    late = random.nextInt(2) * random.nextDouble() * 0.08;
    hiccup = random.nextInt(3) == 0 ? 0.002 : 0;
    var kinds = new ArrayList<Kind>();
    for (var kind : Kind.values()) {
      boolean isDrawn = kind == Kind.STORM ? random.nextInt(6) == 0 : random.nextBoolean();
      if (isDrawn && kind != Kind.FORGET) {
        kinds.add(kind);
      }
    }
    if (kinds.isEmpty()) {
      kinds.add(Kind.PAUSE);
    }
    int count = 2 + random.nextInt(25);
    for (int i = 0; i < count; i++) {
      var kind = kinds.get(random.nextInt(kinds.size()));
      if ((kind == Kind.KILL || kind == Kind.STOP) && random.nextBoolean()) {
        add(random, Kind.START, healAt - SECOND);
      }
      add(random, kind, healAt - 3 * SECOND);
    }
  }

  private void add(Random random, Kind kind, long until) {
    boolean isOfTopic =
        kind == Kind.GROW || kind == Kind.SPLIT || kind == Kind.MERGE || kind == Kind.EXPIRE;
    long at = (long) (random.nextDouble() * (until - (isOfTopic ? 15 * SECOND : 0)));
    // Shorter than the session timeout, about as long, and longer.
    double seconds =
        switch (random.nextInt(3)) {
          case 0 -> 4 * random.nextDouble();
          case 1 -> 8 + 6 * random.nextDouble();
          default -> 40 * random.nextDouble();
        };
    changes.add(
        new Change(
            at, kind, random.nextInt(1 << 20), random.nextInt(1 << 20), (long) (seconds * SECOND)));
  }

  private void beCalm() {
    lose = 0;
    late = 0;
    tail = 0;
    hiccup = 0;
    latency = Math.min(latency, 100 * MS);
    changes = new ArrayList<>();
  }

  private void drawOutage(Random random) {
    beCalm();
    for (int i = 0; i < 4; i++) {
      add(random, Kind.STORE, healAt - 3 * SECOND);
    }
  }

  private void drawChurn(Random random) {
    gateways = 2 + random.nextInt(9);
    if (random.nextBoolean()) {
      changes.clear();
    }
    long step = (200 + random.nextInt(2000)) * MS;
    for (long at = 5 * SECOND; at < healAt - 3 * SECOND; at += random.nextLong(2 * step) + 1) {
      var kind = random.nextBoolean() ? Kind.JOIN : Kind.LEAVE;
      changes.add(new Change(at, kind, random.nextInt(1 << 20), random.nextInt(1 << 20), 0));
    }
  }

  private void drawStorm() {
    beCalm();
    gateways = 10;
    partitions = new int[] {32};
    members = 0;
    changes.add(new Change(10 * SECOND, Kind.STORM, 0, 0, 0));
    healAt = 10 * SECOND + 1;
  }

  private void drawCalm(Random random) {
    beCalm();
    healAt = 200 * SECOND;
    var kinds =
        List.of(Kind.JOIN, Kind.JOIN, Kind.LEAVE, Kind.KILL, Kind.START, Kind.STOP, Kind.GROW);
    long at = 20 * SECOND;
    while (at < healAt - 20 * SECOND) {
      var kind = kinds.get(random.nextInt(kinds.size()));
      changes.add(new Change(at, kind, random.nextInt(1 << 20), random.nextInt(1 << 20), 0));
      at += 20 * SECOND + random.nextLong(SECOND);
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "mode=%s seed=%d gateways=%d members=%d partitions=%s latency=%dms lose=%.3f late=%.3f"
            + " tail=%.2f hiccup=%.3f%n%s",
        mode,
        seed,
        gateways,
        members,
        Arrays.toString(partitions),
        latency / MS,
        lose,
        late,
        tail,
        hiccup,
        changes);
  }
}
