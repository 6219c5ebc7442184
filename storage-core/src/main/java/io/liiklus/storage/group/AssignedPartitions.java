package io.liiklus.storage.group;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.storage.read.Commands;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.PartitionFetcher;
import io.liiklus.storage.read.SharedReading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;

/**
 * The partitions that a subscription holds, each with its fetcher. Touches those that a call names
 * and no others. Confined to the loop of the subscription.
 *
 * <p>Where a partition begins is looked up beside the loop; the listener is notified of it then.
 */
public final class AssignedPartitions {

  private final StartOffsets starts;
  private final SubscriptionListener listener;
  private final Commands commands;
  private final SharedReading reading;
  private final GroupSettings settings;
  private final StartLookup lookup;
  private final RetryingLookup lookups;
  private final FetchRecovery recovery;
  private final Map<Integer, AssignedPartition> assigned = new HashMap<>();
  private boolean isOver;
  private IntConsumer onEnded = partition -> {};

  /**
   * @param starts of the subscription, and of no other partitions
   */
  public AssignedPartitions(
      StartOffsets starts,
      LogRanges logRanges,
      SharedReading reading,
      Commands commands,
      GroupSettings settings) {
    this.starts = starts;
    this.listener = starts.listener();
    this.commands = commands;
    this.reading = reading;
    this.settings = settings;
    this.lookup = new StartLookup(starts.topic(), logRanges, listener);
    this.lookups = new RetryingLookup(commands, this::isHeld, settings.retry());
    this.recovery = new FetchRecovery(this, starts, lookup, commands, settings);
  }

  /** Has the loop look from now on, as often as the settings say, whether the topic is the same. */
  public void watchTopic() {
    commands.postDelayed(settings.topicAge().toNanos(), this::checkTopic);
  }

  /** Notifies of each partition whose log was read to its end for good. */
  public void notifyEnded(IntConsumer listener) {
    onEnded = listener;
  }

  void onEnded(int partition) {
    onEnded.accept(partition);
  }

  /** Answers open reads that were held back. */
  public void readOn() {
    for (var partition : assigned.values()) {
      if (partition.fetcher != null) {
        partition.fetcher.readOn();
      }
    }
  }

  public void assign(Collection<Integer> numbers) {
    var fresh = new ArrayList<AssignedPartition>();
    for (int number : numbers) {
      var partition = new AssignedPartition(number);
      assigned.put(number, partition);
      fresh.add(partition);
    }
    lookups.ask(
        fresh,
        lookup::find,
        (held, answer) -> {
          for (var partition : held) {
            announce(partition, answer);
          }
        });
  }

  private void announce(AssignedPartition partition, StartLookup.Answer answer) {
    int number = partition.number;
    var found = answer.log();
    var resume = answer.resumeOffsets().get(number);
    long start = starts.start(number, resume, found.incarnation(), found.ranges().get(number));
    var id = new LogId(starts.topic(), number, found.incarnation());
    partition.fetcher = reading.fetcher(id, start, recovery, () -> range(partition));
    listener.onAssigned(partition.fetcher.reader());
    resume(partition, 0, start, found);
  }

  /** Has the fetcher of a partition read on at an offset of this log. */
  static void resume(
      AssignedPartition partition, long generation, long offset, StartLookup.Log found) {
    var held = found.ranges().get(partition.number);
    partition.fetcher.resume(generation, held.position(offset), held.isEnd(offset));
  }

  private CompletionStage<OffsetRange> range(AssignedPartition partition) {
    return lookup
        .ranges(List.of(partition))
        .thenApply(ranges -> ranges.get(partition.number).range());
  }

  /** Ends the reads of these. Completes when their acks are stored. */
  public CompletionStage<Void> revoke(Collection<Integer> numbers) {
    var told = remove(numbers, new StorageException(Kind.REVOKED, "the partition was revoked"));
    return told.isEmpty() ? CompletableFuture.completedStage(null) : listener.onRevoked(told);
  }

  /**
   * As {@link #revoke}, of partitions that may have another owner by now: nothing is waited for.
   */
  public void lose(Collection<Integer> numbers) {
    var told = remove(numbers, new StorageException(Kind.LOST, "the partition was lost"));
    if (!told.isEmpty()) {
      listener.onLost(told);
    }
  }

  /** For good: another member takes the place of this one. */
  public void loseAll() {
    isOver = true;
    lose(List.copyOf(assigned.keySet()));
  }

  /** Ends every read, and those to come. */
  public void end(StorageException reason) {
    for (var partition : assigned.values()) {
      if (partition.fetcher != null) {
        partition.fetcher.end(reason);
      }
    }
  }

  private Set<Integer> remove(Collection<Integer> numbers, StorageException reason) {
    var told = new LinkedHashSet<Integer>();
    for (int number : numbers) {
      var partition = assigned.remove(number);
      if (partition != null && partition.fetcher != null) {
        partition.fetcher.end(reason);
        told.add(number);
      }
    }
    return told;
  }

  /**
   * A storage that finds the topic by its name goes on in another one of the name, and is silent.
   */
  private void checkTopic() {
    var unused =
        lookup
            .incarnation()
            .whenComplete((now, failure) -> commands.post(() -> onChecked(now, failure)));
  }

  private void onChecked(String incarnation, Throwable failure) {
    if (isOver) {
      return;
    }
    watchTopic();
    if (failure == null) {
      beginAnew(incarnation);
    } else if (!RetryingLookup.isHealing(StorageException.of(failure))) {
      throw StorageException.of(failure);
    }
  }

  /** Gives up the partitions that began in another topic of the name, and begins them anew. */
  boolean beginAnew(String incarnation) {
    var gone =
        assigned.values().stream()
            .filter(partition -> partition.fetcher != null)
            .map(partition -> partition.number)
            .filter(number -> starts.isOfAnother(number, incarnation))
            .toList();
    if (!gone.isEmpty()) {
      lose(gone);
      assign(gone);
    }
    return !gone.isEmpty();
  }

  /** Asks for one partition, as long as it is held. */
  RetryingLookup lookups() {
    return lookups;
  }

  private boolean isHeld(AssignedPartition partition) {
    return assigned.get(partition.number) == partition;
  }

  /** Null where the fetcher's assignment is over. */
  AssignedPartition assignedTo(PartitionFetcher fetcher) {
    var partition = assigned.get(fetcher.log().partition());
    return partition != null && partition.fetcher == fetcher ? partition : null;
  }
}
