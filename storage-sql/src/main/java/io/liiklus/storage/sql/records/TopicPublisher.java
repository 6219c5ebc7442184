package io.liiklus.storage.sql.records;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Publishes to one topic, in the order of the calls: records wait until its partitions are known.
 * Thread-safe, by a lock that nobody waits under.
 */
final class TopicPublisher {

  /** How often it is looked whether the topic has other partitions. */
  private static final long MAX_AGE_NS = TimeUnit.SECONDS.toNanos(10);

  private final String topic;
  private final SqlPublisher publisher;

  // Under this object's lock.
  private final Queue<Append> waiting = new ArrayDeque<>();
  private List<LogPlace> places = List.of();
  private long foundNs;
  private boolean isLooking;
  private boolean isRetired;
  private int keyless;

  TopicPublisher(String topic, SqlPublisher publisher) {
    this.topic = topic;
    this.publisher = publisher;
  }

  /** False where it is of no more use. */
  synchronized boolean publish(Append append) {
    if (isRetired) {
      return false;
    }
    if (places.isEmpty()) {
      waiting.add(append);
    } else {
      write(append);
    }
    boolean isOld = System.nanoTime() - foundNs >= MAX_AGE_NS;
    if (!isLooking && (places.isEmpty() || isOld)) {
      look();
    }
    return true;
  }

  private void write(Append append) {
    var place = place(append);
    if (place.isEmpty()) {
      append.failNotStored(
          new StorageException(
              Kind.BAD_RECORD,
              "topic %s has no partition %d".formatted(topic, append.partition().orElseThrow())));
      return;
    }
    append.placeAt(place.get(), this);
    publisher.database().writeRecord(place.get().id(), append);
  }

  private Optional<LogPlace> place(Append append) {
    if (append.partition().isEmpty()) {
      return Optional.of(places.get(index(append.key())));
    }
    int wanted = append.partition().getAsInt();
    return places.stream().filter(place -> place.partition() == wanted).findAny();
  }

  /** The partition of a key, as that of the storage in memory. */
  private int index(byte[] key) {
    return key == null
        ? Math.floorMod(keyless++, places.size())
        : Math.abs(ByteBuffer.wrap(key).hashCode() % places.size());
  }

  AppendKind kind() {
    return publisher.kind();
  }

  private void look() {
    isLooking = true;
    var unused = publisher.find(topic).whenComplete(this::onLooked);
  }

  private void onLooked(List<LogPlace> found, Throwable failure) {
    List<Append> failed = List.of();
    StorageException reason = null;
    synchronized (this) {
      isLooking = false;
      if (failure == null && !found.isEmpty()) {
        places = found;
        foundNs = System.nanoTime();
        waiting.forEach(this::write);
        waiting.clear();
        return;
      }
      reason = failure == null ? unknown() : StorageException.of(failure);
      if (failure == null) {
        places = List.of();
        retire();
      }
      // While the database is away they wait on.
      if (failure == null || reason.kind() != Kind.UNAVAILABLE) {
        failed = new ArrayList<>(waiting);
        waiting.clear();
      } else {
        for (var append : waiting) {
          append.onAway(reason);
        }
      }
    }
    for (var append : failed) {
      append.failNotStored(reason);
    }
  }

  private StorageException unknown() {
    return new StorageException(
        Kind.UNKNOWN_TOPIC, "there is no topic %s, and sql.createTopics is false".formatted(topic));
  }

  private void retire() {
    isRetired = true;
    publisher.remove(topic, this);
  }

  /** Its partitions are not those that were found. */
  synchronized void forget() {
    places = List.of();
  }

  /** Tries again what failed, and fails whose patience is over. */
  void tick(long nowNs) {
    List<Append> all;
    synchronized (this) {
      waiting.removeIf(Append::isDone);
      all = List.copyOf(waiting);
      if (!all.isEmpty() && !isLooking) {
        look();
      }
    }
    all.forEach(append -> append.expire(nowNs));
  }

  void close(StorageException reason) {
    List<Append> left;
    synchronized (this) {
      isRetired = true;
      left = List.copyOf(waiting);
      waiting.clear();
    }
    left.forEach(append -> append.failNotStored(reason));
  }
}
