package io.liiklus.server.model;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.grpc.calls.GatewayCore;
import io.liiklus.server.grpc.calls.SteppedCalls;
import io.liiklus.server.inflight.InflightMetrics;
import io.liiklus.server.processing.Processing;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Sessions;
import io.liiklus.server.session.SteppedAcks;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.kafka.read.SteppedLogReaders;
import io.liiklus.storage.read.ReadSettings;
import io.liiklus.storage.read.SteppedReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A gateway on one thread: the true calls, sessions, acks, members and readers, between a log, a
 * positions storage and clients that are made up. Whatever would happen on another thread happens
 * when somebody says so. Confined to the test's thread.
 */
final class World implements RecordsStorage {

  static final int LOOPS = 2;

  /** Who may be a member at a time: two of the first group, and one of the other. */
  static final int SLOTS = 3;

  static final int GROUPS = 2;

  private static final long[] HAND_OFF_BYTES = {150, 400, 1_000, 4_000};
  private static final long[] RING_BYTES = {150, 400, 1_000, 4_000};
  private static final int[] CATCH_UP_READERS = {1, 1, 2, 4};
  private static final int[] KNOWN_PARTITIONS = {3, 2, 3, 0};
  private static final int[] WRITES_PER_SECOND = {1_000, 100, 20, 4};

  final Witness witness = new Witness();
  final ModelTopic topic = new ModelTopic(witness);
  final ModelAcks acks = new ModelAcks(witness);
  final ModelPace pace;
  final ModelPositions positions;
  final List<SteppedEventLoop> loops = new ArrayList<>();
  final List<ModelGroup> groups;
  final List<Member> members = new ArrayList<>();
  final List<ModelReceive> receives = new ArrayList<>();
  final ModelFaults faults = new ModelFaults();
  final SteppedReading reading;
  final SteppedCalls calls;
  final Sessions sessions;
  final Acks gatewayAcks;

  // What the shape decides.
  final int maxPollRecords;
  final long prefetchBytes;
  final boolean skipsUnreadable;
  final int otherVersion;
  final int knownPartitions;
  final boolean endsByDrain;

  /** The gateway was told to end. */
  boolean isDraining;

  /** Storages answer at once, and nothing waits for another try: writes wait for the pace alone. */
  boolean isCalm;

  /** Whose Subscribe is being served. */
  Member opening;

  /** What else happens while a rebalance waits for a session. */
  Runnable revocation = () -> {};

  private final Member[] slots = new Member[SLOTS];
  private final List<ModelReader> readers = new ArrayList<>();

  World(int shape) {
    maxPollRecords = 1 + (shape & 7);
    prefetchBytes = HAND_OFF_BYTES[shape >> 3 & 3];
    skipsUnreadable = (shape >> 5 & 3) == 0;
    otherVersion = shape >> 7 & 1;
    knownPartitions = KNOWN_PARTITIONS[shape >> 8 & 3];
    int writesPerSecond = WRITES_PER_SECOND[shape >> 12 & 3];
    endsByDrain = (shape >> 14 & 1) == 0;
    reading = openReading(shape >> 16);
    groups = ModelPositions.NAMES.stream().map(name -> new ModelGroup(name, slots)).toList();
    for (int i = 0; i < LOOPS; i++) {
      loops.add(new SteppedEventLoop(() -> witness.clockNs));
    }
    pace = new ModelPace(witness, writesPerSecond, loops);
    positions = new ModelPositions(witness, acks, pace);
    var bounds = new Acks.Options((shape >> 10 & 3) == 0 ? 2 : 1_000, 1_000, writesPerSecond);
    var lanes = loops.subList(0, 1 + (shape >> 15 & 1));
    gatewayAcks = SteppedAcks.open(positions, lanes, bounds, () -> witness.clockNs);
    sessions =
        new Sessions(
            this,
            positions,
            gatewayAcks,
            (id, reason, records) -> {},
            SteppedAcks.retry(loops.get(0)),
            new Sessions.Options(1_000, Duration.ofMinutes(1)));
    calls =
        new SteppedCalls(
            new GatewayCore(
                this,
                positions,
                sessions,
                gatewayAcks,
                new InflightMetrics(),
                Processing.none(),
                Access.open(Set.of())),
            loops);
  }

  private SteppedReading openReading(int shape) {
    long tailCacheBytes = RING_BYTES[shape & 3];
    long allBytes = (shape >> 2 & 1) == 0 ? 2 * tailCacheBytes : 100 * tailCacheBytes;
    int tailReaders = 1 + (shape >> 3 & 1);
    int catchUpReaders = CATCH_UP_READERS[shape >> 4 & 3];
    boolean readsAhead = (shape >> 6 & 1) == 0;
    var parts = new ModelReader.Parts(witness, topic, faults, maxPollRecords, readsAhead);
    var logReaders =
        new SteppedLogReaders(
            () -> openReader(parts, true),
            () -> openReader(parts, false),
            new StandingFaults(() -> witness.clockNs));
    var settings =
        new ReadSettings(
            prefetchBytes, tailReaders, tailCacheBytes, allBytes, catchUpReaders, allBytes, 100);
    return new SteppedReading(settings, logReaders, SteppedReading.POLL, () -> witness.clockNs);
  }

  private ModelReader openReader(ModelReader.Parts parts, boolean isOfTail) {
    faults.beforeOpen();
    var reader = new ModelReader(parts, isOfTail);
    readers.add(reader);
    return reader;
  }

  /** Something is done while no reader polls: what a round finds to do may come of it. */
  void stir() {
    readers.forEach(reader -> reader.hasSlept = false);
  }

  /** Nothing is held beyond its bound, and no promise was broken. */
  void checkNow() {
    check(false);
  }

  void check(boolean isAtRest) {
    witness.check();
    var excess = reading.whatHoldsTooMuch(maxPollRecords * ModelRecords.MOST_BYTES, isAtRest);
    witness.require(excess == null, "%s", excess);
  }

  /** Null when there is none. */
  Member slot(int number) {
    return slots[number % SLOTS];
  }

  void open(int slot, boolean isEarliest, int demand) {
    var before = slots[slot];
    if (before == null || before.isOver()) {
      var member = new Member(this, slot, isEarliest, loops.get(slot % LOOPS));
      slots[slot] = member;
      members.add(member);
      member.demand(demand);
      member.start();
    }
  }

  /** From now on the gateway takes no new work, ends its streams, and writes positions at once. */
  void drain(Runnable meanwhile) {
    if (!isDraining) {
      isDraining = true;
      pace.onDrain();
      calls.drain(meanwhile);
      gatewayAcks.flushNow();
    }
  }

  /**
   * @param to one of the slots, or none of a group
   */
  void assign(int partition, int to) {
    switch (to % (SLOTS + GROUPS)) {
      case 0 -> groups.get(0).assign(partition, 0);
      case 1 -> groups.get(0).assign(partition, 1);
      case 2 -> groups.get(1).assign(partition, 2);
      case 3 -> groups.get(0).assign(partition, null);
      default -> groups.get(1).assign(partition, null);
    }
  }

  void whileRevoking() {
    revocation.run();
  }

  /** What is on its way may still be sent; nothing after that. */
  void takenAtLast(Holding holding) {
    for (var receive : receives) {
      if (receive.isOf(holding)) {
        receive.loop.execute(receive::takenForGood);
      }
    }
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    return opening.subscribe(request, listener);
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long maxRecordBytes() {
    return 1024 * 1024;
  }

  @Override
  public CompletionStage<Void> check() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
