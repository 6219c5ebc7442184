package io.liiklus.storage.group;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.StorageException;
import io.liiklus.storage.read.Commands;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This gateway's part in the groups of a storage that has none: its members share out partitions
 * with those of other gateways over a {@link CoordinationStore}. Confined to its loop, but for
 * {@link #isReadable}.
 *
 * <p>Two ticks: the row of this gateway is raised at each beat, and each look reads the documents
 * of its groups with the rows of the gateways that they name, in one call. No clock of a server is
 * used, and none of another gateway.
 */
final class GroupCoordinator implements GatewayRow.Listener {

  private static final Logger log = LoggerFactory.getLogger(GroupCoordinator.class);
  private static final long TOLD_EVERY_NS = Duration.ofMinutes(1).toNanos();
  private static final double JITTER = 0.1;

  private final CoordinationSettings settings;
  private final Commands commands;
  private final LongSupplier clockNs;
  private final RandomGenerator random;
  private final StoreCalls store;
  private final ReadLease lease;
  private final GatewayRow row;
  private final PeerWatch peers;
  private final Map<String, CoordinatedGroup> groups = new LinkedHashMap<>();
  private int numbers;
  private boolean isLooking;
  private boolean wasTold;
  private long toldNs;
  private Runnable onClosed;

  /**
   * @param onReadable notified, on the loop, when reads that were held back may go on
   */
  GroupCoordinator(
      CoordinationStore store,
      CoordinationSettings settings,
      Commands commands,
      LongSupplier clockNs,
      RandomGenerator random,
      Runnable onReadable) {
    this.settings = settings;
    this.commands = commands;
    this.clockNs = clockNs;
    this.random = random;
    this.store = new StoreCalls(store, commands, settings.callTimeout());
    this.lease = new ReadLease(settings, clockNs, onReadable);
    this.row = new GatewayRow(this, this);
    this.peers = new PeerWatch(this, row, this::onGone);
  }

  /** Begins its ticks. */
  void start() {
    commands.postDelayed(random.nextLong(settings.interval().toNanos()), this::tickBeat);
    commands.postDelayed(random.nextLong(settings.interval().toNanos()), this::tickLook);
  }

  private long intervalNs() {
    double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return (long) (settings.interval().toNanos() * factor);
  }

  /** Row of a group on a topic. */
  static String key(String topic, String group) {
    return "g/" + topic.replace("%", "%25").replace("/", "%2F") + "/" + group;
  }

  /** Whether partitions may be read; asked before each batch. Any thread. */
  boolean isReadable() {
    return lease.isReadable();
  }

  /** A member joins; it is assigned partitions once the group's document has it. */
  GroupMember join(String key, TopicView topic, MemberPartitions partitions) {
    var group = groups.computeIfAbsent(key, created -> new CoordinatedGroup(this, created, topic));
    var member = group.join(partitions);
    if (row.isConfirmed()) {
      group.refresh();
    } else {
      row.beat();
    }
    return member;
  }

  /** The topic has other partitions than before. */
  void onTopicChanged(TopicView topic) {
    for (var group : List.copyOf(groups.values())) {
      if (group.topic() == topic) {
        group.refresh();
      }
    }
  }

  /**
   * Leaves all groups, and removes the row of this gateway.
   *
   * @param whenClosed notified once that is done; while the store is away it is not
   */
  void close(Runnable whenClosed) {
    onClosed = whenClosed;
    List.copyOf(groups.values()).forEach(CoordinatedGroup::closeAll);
    endIfLeft();
  }

  boolean isClosing() {
    return onClosed != null;
  }

  private void endIfLeft() {
    if (isClosing() && groups.isEmpty() && !row.isBusy()) {
      row.remove(onClosed);
    }
  }

  private void tickBeat() {
    commands.postDelayed(intervalNs(), this::tickBeat);
    if (!groups.isEmpty()) {
      row.beat();
    } else if (isClosing()) {
      endIfLeft();
    } else if (row.isThere()) {
      row.remove(this::beatIfNeeded);
    }
  }

  private void beatIfNeeded() {
    if (!groups.isEmpty()) {
      row.beat();
    }
  }

  @Override
  public void onGoodBeat(boolean isFirst) {
    if (isFirst) {
      List.copyOf(groups.values()).forEach(CoordinatedGroup::refresh);
    }
    endIfLeft();
  }

  @Override
  public void onFailedBeat(StorageException failure) {
    if (isToBeTold()) {
      log.warn(
          "the coordination store does not answer, groups stay as they are, reason={} (logged once a"
              + " minute)",
          failure.getMessage());
    }
  }

  void onWriteFailed(String key, StorageException failure) {
    if (isToBeTold()) {
      log.warn(
          "a group could not be written, trying on, key={} reason={} (logged once a minute)",
          key,
          failure.getMessage());
    }
  }

  private boolean isToBeTold() {
    long nowNs = clockNs.getAsLong();
    if (wasTold && nowNs - toldNs < TOLD_EVERY_NS) {
      return false;
    }
    wasTold = true;
    toldNs = nowNs;
    return true;
  }

  @Override
  public void onExpelled(String lostId) {
    log.warn(
        "this gateway was silent for too long and lost its partitions, it joins anew, gateway={}",
        lostId);
    peers.onLostId(lostId);
    List.copyOf(groups.values()).forEach(CoordinatedGroup::onExpelled);
    beatIfNeeded();
  }

  private void onGone(String gateway) {
    for (var group : List.copyOf(groups.values())) {
      if (group.document() != null && group.document().names(gateway)) {
        group.refresh();
      }
    }
  }

  private void tickLook() {
    commands.postDelayed(intervalNs(), this::tickLook);
    if (!groups.isEmpty() && !isLooking) {
      look();
    }
  }

  private void look() {
    isLooking = true;
    var of = row.id();
    var keys = new HashSet<String>();
    // A row that was made since may be missing in the answer.
    boolean asksOwn = row.isThere();
    if (asksOwn) {
      keys.add(GatewayRow.key(of));
    }
    var gateways = new HashSet<String>();
    var looked = new LinkedHashMap<CoordinatedGroup, Integer>();
    for (var group : groups.values()) {
      if (group.document() != null) {
        group.document().members.forEach(member -> gateways.add(member.id.gateway()));
      }
      if (group.beginLook()) {
        keys.add(group.key());
        looked.put(group, group.generation());
      }
    }
    gateways.remove(of);
    gateways.forEach(gateway -> keys.add(GatewayRow.key(gateway)));
    store.read(
        keys,
        (rows, failure) -> {
          isLooking = false;
          boolean isOfThisLife = of.equals(row.id());
          boolean isExpelled = asksOwn && rows != null && !rows.containsKey(GatewayRow.key(of));
          if (isOfThisLife && isExpelled) {
            row.expel();
            return;
          }
          if (isOfThisLife && rows != null) {
            peers.judge(gateways, rows);
          }
          looked.forEach((group, generation) -> group.onLooked(generation, rows));
        });
  }

  boolean has(CoordinatedGroup group) {
    return groups.get(group.key()) == group;
  }

  void drop(CoordinatedGroup group) {
    if (has(group)) {
      groups.remove(group.key());
      endIfLeft();
    }
  }

  String id() {
    return row.id();
  }

  /** Whether members may join: only once the own row is known to be there. */
  boolean mayJoin() {
    return row.isConfirmed();
  }

  boolean isGone(String gateway) {
    return peers.isGone(gateway);
  }

  /** A number for a member, which is never given twice. */
  int nextNumber() {
    return ++numbers;
  }

  CoordinationSettings settings() {
    return settings;
  }

  Commands commands() {
    return commands;
  }

  LongSupplier clockNs() {
    return clockNs;
  }

  RandomGenerator random() {
    return random;
  }

  StoreCalls store() {
    return store;
  }

  ReadLease lease() {
    return lease;
  }
}
