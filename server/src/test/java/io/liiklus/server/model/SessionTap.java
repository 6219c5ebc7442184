package io.liiklus.server.model;

import io.liiklus.api.PartitionReader;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.storage.read.LogRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Stands between a member and its session, and looks at what they tell each other. */
final class SessionTap implements SubscriptionListener {

  /** A request where to start in a partition. */
  private static final class Asked {
    private final long stamp;
    private final int generation;
    private long answeredAt;
    private Long resume;

    private Asked(long stamp, int generation) {
      this.stamp = stamp;
      this.generation = generation;
    }
  }

  private final World world;
  private final Witness witness;
  private final Member member;
  private final SubscriptionListener session;
  private final Map<Integer, Asked> asked = new HashMap<>();
  private final Map<Integer, Holding> held = new HashMap<>();
  private final Map<Integer, Long> resetStarts = new HashMap<>();

  /** In which topic of the name a partition last began; null where that is in doubt. */
  private final Map<Integer, Integer> beganIn = new HashMap<>();

  private final Map<Integer, Long> lostRecords = new HashMap<>();
  private final List<ReaderTap> readers = new ArrayList<>();
  private final Set<Integer> lost = new HashSet<>();
  private final Set<Integer> heldOnce = new HashSet<>();
  private final int firstGeneration;

  SessionTap(World world, Member member, SubscriptionListener session) {
    this.world = world;
    this.witness = world.witness;
    this.member = member;
    this.session = session;
    this.firstGeneration = world.topic.generation();
  }

  Holding held(int partition) {
    return held.get(partition);
  }

  boolean hasHeld(int partition) {
    return heldOnce.contains(partition);
  }

  boolean isLost(int partition) {
    return lost.contains(partition);
  }

  boolean isRead() {
    return readers.stream().anyMatch(ReaderTap::isRead);
  }

  @Override
  public CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> partitions) {
    long stamp = witness.next();
    var questions = new HashMap<Integer, Asked>();
    for (int partition : partitions) {
      witness.require(!held.containsKey(partition), "%s: asks for what it holds", member);
      questions.put(partition, new Asked(stamp, world.topic.generation()));
    }
    asked.putAll(questions);
    return session
        .resumeOffsets(partitions)
        .thenApply(
            answer -> {
              questions.forEach((partition, request) -> onAnswer(partition, request, answer));
              return answer;
            });
  }

  private void onAnswer(int partition, Asked request, Map<Integer, Long> answer) {
    if (asked.get(partition) != request || !member.isOpen()) {
      // Nobody waits for it any more.
      return;
    }
    request.answeredAt = witness.next();
    request.resume = answer.get(partition);
    var positions = world.positions.forAssignment(member.id, partition, request.stamp);
    boolean isRight =
        request.resume == null
            ? positions.contains(null) && !resetStarts.containsKey(partition)
            : positions.contains(request.resume - 1)
                || (positions.contains(null) && request.resume.equals(resetStarts.get(partition)));
    witness.require(
        isRight,
        "%s: partition %d goes on at %s, stored is one of %s",
        member,
        partition,
        request.resume,
        positions);
  }

  @Override
  public void onAssigned(PartitionReader reader) {
    witness.next();
    int partition = reader.partition();
    var request = asked.remove(partition);
    witness.require(
        request != null && request.answeredAt > 0 && !held.containsKey(partition),
        "%s: partition %d is assigned and was not asked for",
        member,
        partition);
    boolean isDoubtful = request.generation != world.topic.generation();
    if (!isDoubtful) {
      requireStart(partition, request, reader.startOffset());
    }
    var stored = world.positions.forAssignment(member.id, partition, request.stamp);
    boolean isStored = request.resume != null && stored.contains(request.resume - 1);
    boolean isUnsure =
        isStored && stored.contains(null) && request.resume.equals(resetStarts.get(partition));
    if (!isStored) {
      resetStarts.put(partition, reader.startOffset());
    }
    var holding =
        new Holding(
            partition,
            reader.startOffset(),
            isStored ? request.resume : null,
            world.topic.generation(),
            isDoubtful);
    holding.isResumeUnsure = isUnsure;
    beganIn.put(partition, isDoubtful ? null : holding.generation);
    heldOnce.add(partition);
    held.put(partition, holding);
    lost.remove(partition);
    var tap = new ReaderTap(witness, reader, holding);
    readers.add(tap);
    session.onAssigned(tap);
  }

  private void requireStart(int partition, Asked request, long start) {
    var before = beganIn.getOrDefault(partition, firstGeneration);
    var allowed = new HashSet<Long>();
    for (var log : world.topic.partition(partition).held.from(request.answeredAt)) {
      if (before == null || before != world.topic.generation()) {
        allowed.add(log.range().start());
      }
      if (before == null || before == world.topic.generation()) {
        allowed.add(start(partition, request.resume, log));
      }
    }
    witness.require(
        allowed.contains(start),
        "%s: partition %d begins at %d, not at one of %s",
        member,
        partition,
        start,
        allowed);
  }

  private long start(int partition, Long resume, LogRange log) {
    if (resume == null) {
      boolean isNew = partition >= world.knownPartitions;
      return isNew || member.isEarliest ? log.range().start() : log.visibleEnd().offset();
    }
    return log.range().canResumeAt(resume) ? resume : log.range().start();
  }

  @Override
  public CompletionStage<Void> onRevoked(Set<Integer> partitions) {
    var taken = take(partitions);
    var flushed = partitions.stream().flatMap(id -> world.acks.waiting(id(id)).stream()).toList();
    world.pace.onFlush(member.id);
    var told = session.onRevoked(partitions);
    taken.forEach(world::takenAtLast);
    var done =
        told.whenComplete(
            (none, failure) -> {
              taken.forEach(holding -> receivesOf(holding).forEach(ModelReceive::takenForGood));
              world.acks.onFlushed(flushed);
              world.pace.onFlushed(member.id);
            });
    world.whileRevoking();
    witness.require(
        !world.isCalm || done.toCompletableFuture().isDone(),
        "%s: a revocation waits for the pace of writes",
        member);
    return done;
  }

  private PositionId id(int partition) {
    return new PositionId(ModelTopic.NAME, member.id, partition);
  }

  private List<ModelReceive> receivesOf(Holding holding) {
    return world.receives.stream().filter(receive -> receive.isOf(holding)).toList();
  }

  @Override
  public void onLost(Set<Integer> partitions) {
    var taken = take(partitions);
    lost.addAll(partitions);
    session.onLost(partitions);
    taken.forEach(world::takenAtLast);
  }

  private List<Holding> take(Set<Integer> partitions) {
    witness.next();
    var taken = new ArrayList<Holding>();
    for (int partition : partitions) {
      var holding = held.remove(partition);
      witness.require(holding != null, "%s: gives up %d, which it has not", member, partition);
      holding.isTaken = true;
      taken.add(holding);
    }
    return taken;
  }

  /** The session was closed: what it holds is taken from its clients. */
  void onClosed() {
    held.values().forEach(world::takenAtLast);
  }

  @Override
  public void onSkipped(int partition, SkipReason reason, long records) {
    witness.next();
    if (reason == SkipReason.RETENTION) {
      // Counted anew for each topic of the name, of which the model knows the newest alone.
      long told = lostRecords.merge(partition, records, Long::sum);
      witness.require(
          world.topic.generation() > 0 || told <= world.topic.partition(partition).start(),
          "%s: partition %d lost %d records, more than there were",
          member,
          partition,
          told);
    } else if (reason == SkipReason.TRUNCATION) {
      // Somebody acknowledged beyond the end: what the start is now was told of another log.
      lostRecords.remove(partition);
    }
    session.onSkipped(partition, reason, records);
  }

  @Override
  public void onFailed(StorageException failure) {
    session.onFailed(failure);
  }
}
