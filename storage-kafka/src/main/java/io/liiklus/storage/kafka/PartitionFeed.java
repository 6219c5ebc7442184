package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Says where the records of one assigned partition come from: out of the ring while the group is at
 * the end of the log, from a catch-up reader while it is behind, from nowhere while it is looked up
 * where to go on. Thread-safe: each change of that takes its lock, and no record does.
 *
 * <p>Moves keep the order and leave no gap: a catch-up reader hands over the offset behind the last
 * batch that it left, in the same step in which it stops leaving any; the ring hands back the
 * offset behind the last batch that was taken from it.
 */
final class PartitionFeed implements HandOff.Filler {

  /** Where a log that does not hold an offset was not cut. */
  static final long NOT_CUT = -1;

  /** The subscription, which is told on whatever thread, and must not block. */
  interface Owner {

    /**
     * The log does not hold the offset.
     *
     * @param cutAt where the log was cut, or {@link #NOT_CUT}
     */
    void onOutOfRange(PartitionFeed feed, long generation, long offset, long cutAt);

    /** A record cannot be read; true where it is to be passed over. */
    boolean onUnreadable(PartitionFeed feed, long offset, KafkaException failure);

    /** What comes next cannot be read by a fault of the machine: it is to be tried again. */
    void onMachineFault(PartitionFeed feed, long generation);

    /** Kafka refuses what does not heal by itself. */
    void onRefused(KafkaException failure);
  }

  /** Which log, and where in it the assignment begins. */
  record Origin(PartitionLog log, long startOffset) {}

  /** The two sources. */
  record Sources(Rings rings, CatchUpReaders readers) {}

  /** Where a catch-up reader is to go on. */
  record Step(long generation, LogPosition position) {}

  private enum State {
    CATCHING_UP,
    IN_RING,
    STOPPED,
    ENDED
  }

  private final TopicPartition id;
  private final PartitionLog log;
  private final Sources sources;
  private final Owner owner;
  private final Supplier<CompletionStage<OffsetRange>> range;
  private final HandOff handOff;
  private final LagTrend lagTrend = new LagTrend();

  // Guarded by this.
  private State state = State.STOPPED;
  private long generation;

  /** Where catching up goes on, or where that stopped. Read by any thread. */
  private volatile LogPosition position;

  /** Who else catches up here; null while this does not. */
  private Companions companions;

  private Ring ring;
  private boolean hasProgressed;

  /**
   * @param range asks for what the log holds
   */
  PartitionFeed(
      Origin origin,
      HandOff.Limits limits,
      Sources sources,
      Owner owner,
      Supplier<CompletionStage<OffsetRange>> range) {
    this.id = origin.log().id();
    this.position = LogPosition.named(origin.startOffset());
    this.log = origin.log();
    this.sources = sources;
    this.owner = owner;
    this.range = range;
    this.handOff = new HandOff(id.partition(), origin.startOffset(), limits, this);
  }

  TopicPartition id() {
    return id;
  }

  PartitionLog log() {
    return log;
  }

  /** Whether both read one log. */
  boolean isBeside(PartitionFeed other) {
    return other != null && log.equals(other.log);
  }

  HandOff handOff() {
    return handOff;
  }

  LagTrend lagTrend() {
    return lagTrend;
  }

  /** Where catching up goes on, if it does. Any thread. */
  LogPosition next() {
    return position;
  }

  /**
   * Begins, or goes on after a look-up; does nothing where a seek came since.
   *
   * @param isAtEnd whether that is the end of the log, as far as readers see it
   */
  void goOn(long ofGeneration, LogPosition from, boolean isAtEnd) {
    synchronized (this) {
      if (state != State.STOPPED || handOff.wanted().generation() != ofGeneration) {
        return;
      }
      // Where it stood is for a consumer to ask its leader of, and not taken for looked at again.
      var next = ofGeneration == generation ? position.orElsewhere(from) : from;
      var rings = sources.rings();
      place(ofGeneration, next, isAtEnd ? rings.open(log, next) : rings.find(log));
    }
    handOff.match();
  }

  @Override
  public void onSeek() {
    synchronized (this) {
      var wanted = handOff.wanted();
      if (state == State.ENDED || wanted.generation() == generation) {
        return;
      }
      var found = sources.rings().find(log);
      // Whether the log holds what the ring has not come to is for a catch-up reader to find out.
      boolean isThere = found != null && found.hasComeTo(wanted.offset());
      place(wanted.generation(), LogPosition.named(wanted.offset()), isThere ? found : null);
    }
    handOff.match();
  }

  @Override
  public void onRoom() {
    var unused = takeKept();
    // Else it is full again, and will tell so again.
    if (handOff.hasRoom() && step() != null) {
      sources.readers().want(this);
    }
  }

  /** Takes what was read for other groups, as far as there is room; false where nothing was. */
  boolean takeKept() {
    boolean isAny = false;
    synchronized (this) {
      while (state == State.CATCHING_UP && handOff.hasRoom()) {
        var kept = companions.find(position);
        if (kept == null) {
          break;
        }
        isAny = true;
        take(kept.next(), kept);
      }
    }
    if (isAny) {
      handOff.match();
    }
    return isAny;
  }

  @Override
  public void onFellBehind(Ring.Place place) {
    synchronized (this) {
      if (state != State.IN_RING || place.generation() != generation) {
        return;
      }
      ring.detach(handOff);
      ring = null;
      catchUpFrom(place.next());
    }
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    return range.get();
  }

  /** Null where no catch-up reader is wanted any more. */
  synchronized Step step() {
    return state == State.CATCHING_UP ? new Step(generation, position) : null;
  }

  /** Catch-up reader: what it read up to a position; null where readers see nothing there. */
  void offer(Step step, LogPosition next, Fetched fetched) {
    synchronized (this) {
      if (isCurrent(step)) {
        take(next, fetched);
      }
    }
    handOff.match();
  }

  private void take(LogPosition next, Fetched fetched) {
    var rest = fetched == null ? null : fetched.from(position);
    position = next;
    if (rest != null) {
      hasProgressed = true;
      handOff.offer(generation, rest, sources.readers().nowNs());
    }
    enter(sources.rings().find(log));
  }

  /** Catch-up reader: there is nothing behind the offset, now. */
  void onEnd(Step step, LogPosition at) {
    synchronized (this) {
      if (isCurrent(step)) {
        position = at;
        enter(sources.rings().open(log, at));
      }
    }
    handOff.match();
  }

  void onOutOfRange(Step step, long at, long cutAt) {
    synchronized (this) {
      if (isCurrent(step)) {
        // Where the log was cut, what was kept of it may be of what is gone.
        companions.forget();
        become(State.STOPPED);
        owner.onOutOfRange(this, generation, at, cutAt);
      }
    }
  }

  /** Catch-up reader: stops until {@link #goOn}; the record is as good as any. */
  void onMachineFault(Step step) {
    synchronized (this) {
      if (isCurrent(step)) {
        become(State.STOPPED);
        owner.onMachineFault(this, generation);
      }
    }
  }

  /** Catch-up reader: the record at the offset cannot be read. */
  void onUnreadable(Step step, long at, KafkaException failure) {
    StorageException told = null;
    synchronized (this) {
      if (!isCurrent(step)) {
        return;
      }
      if (owner.onUnreadable(this, at, failure)) {
        // Nothing tells where the next one stands that can be read.
        position = new LogPosition(at + 1, position.epoch());
        return;
      }
      become(State.STOPPED);
      told =
          new StorageException(
              Kind.DATA_LOSS,
              "the record at partition=%d offset=%d cannot be read: %s"
                  .formatted(id.partition(), at, UnreadableRecords.reason(failure)),
              failure);
    }
    handOff.fail(step.generation(), told);
  }

  void onRefused(KafkaException failure) {
    synchronized (this) {
      if (state != State.CATCHING_UP) {
        return;
      }
      become(State.STOPPED);
    }
    owner.onRefused(failure);
  }

  /** Whether records have come since this was last asked. */
  synchronized boolean takeProgress() {
    boolean progressed = hasProgressed;
    hasProgressed = false;
    return progressed;
  }

  void end(StorageException reason) {
    synchronized (this) {
      leaveRing();
      become(State.ENDED);
    }
    sources.readers().forget(this);
    handOff.end(reason);
  }

  private boolean isCurrent(Step step) {
    // It may have taken meanwhile what was read for another group.
    return state == State.CATCHING_UP
        && step.generation() == generation
        && step.position().equals(position);
  }

  private void place(long ofGeneration, LogPosition from, Ring found) {
    leaveRing();
    generation = ofGeneration;
    position = from;
    if (!enter(found)) {
      catchUpFrom(from);
    }
  }

  private void catchUpFrom(LogPosition from) {
    position = from;
    lagTrend.forget();
    become(State.CATCHING_UP);
    sources.readers().want(this);
  }

  /** Reads from the ring, where that is and holds what comes next. */
  private boolean enter(Ring found) {
    var place = found == null ? null : found.attach(handOff, generation, position);
    if (place == null) {
      return false;
    }
    ring = found;
    handOff.follow(place);
    become(State.IN_RING);
    sources.rings().onMoved();
    return true;
  }

  private void become(State next) {
    state = next;
    if (next == State.CATCHING_UP && companions == null) {
      companions = sources.readers().join(this);
    } else if (next != State.CATCHING_UP && companions != null) {
      companions = null;
      sources.readers().part(this);
    }
  }

  private void leaveRing() {
    if (ring != null) {
      ring.detach(handOff);
      ring = null;
      handOff.follow(null);
    }
  }
}
