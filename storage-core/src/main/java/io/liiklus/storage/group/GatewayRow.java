package io.liiklus.storage.group;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.StorageException;
import io.liiklus.storage.read.Commands;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Row by which this gateway lives: a counter, raised by compare-and-set at each beat. Whoever
 * removes it has declared the gateway dead. Confined to the groups' loop.
 *
 * <p>The id is random and another one for each life, so that members of an earlier life are known
 * as such.
 */
final class GatewayRow {

  /** What its owner is notified of. */
  interface Listener {

    /** The row is known to be there, or was written once more. */
    void onGoodBeat(boolean isFirst);

    /** The row is gone: others have taken over. The id is the next one's already. */
    void onExpelled(String lostId);

    void onFailedBeat(StorageException failure);
  }

  static final String PREFIX = "n/";
  private static final int ID_BYTES = 8;

  private final StoreCalls store;
  private final Commands commands;
  private final LongSupplier clockNs;
  private final RandomGenerator random;
  private final CoordinationSettings settings;
  private final ReadLease lease;
  private final Listener listener;

  private String id;
  private boolean isThere;
  private boolean isConfirmed;
  private boolean isBusy;
  private long version;
  private long counter;
  private boolean hasBeaten;
  private long goodBeatNs;

  GatewayRow(GroupCoordinator coordinator, Listener listener) {
    this.store = coordinator.store();
    this.commands = coordinator.commands();
    this.clockNs = coordinator.clockNs();
    this.random = coordinator.random();
    this.settings = coordinator.settings();
    this.lease = coordinator.lease();
    this.listener = listener;
    renew();
  }

  static String key(String gateway) {
    return PREFIX + gateway;
  }

  String id() {
    return id;
  }

  /** Whether it was there when last heard of. */
  boolean isThere() {
    return isThere;
  }

  /** Whether members may join: only once the row is known to be there. */
  boolean isConfirmed() {
    return isConfirmed;
  }

  boolean isBusy() {
    return isBusy;
  }

  /** Whether the last good beat is not older than that. */
  boolean hasBeatenWithin(long ageNs) {
    return hasBeaten && clockNs.getAsLong() - goodBeatNs <= ageNs;
  }

  void beat() {
    if (isBusy) {
      return;
    }
    isBusy = true;
    long sentNs = clockNs.getAsLong();
    counter++;
    var of = id;
    store.replace(
        key(id),
        isThere ? version : CoordinationStore.ABSENT,
        Long.toString(counter).getBytes(UTF_8),
        (answer, failure) -> {
          isBusy = false;
          if (!of.equals(id)) {
            return;
          }
          if (failure != null) {
            onFailed(failure);
          } else if (answer.isPresent()) {
            version = answer.getAsLong();
            onGood(sentNs);
          } else {
            lease.onRefusedBeat();
            look();
          }
        });
  }

  /** A beat was refused: one of unknown outcome was written after all, or the row was removed. */
  private void look() {
    if (isBusy) {
      return;
    }
    isBusy = true;
    var of = id;
    store.read(
        Set.of(key(id)),
        (rows, failure) -> {
          isBusy = false;
          if (!of.equals(id)) {
            return;
          }
          if (failure != null) {
            onFailed(failure);
            return;
          }
          var row = rows.get(key(id));
          if (row == null && isThere) {
            expel();
            return;
          }
          if (row != null) {
            version = row.version();
            isThere = true;
          }
          beat();
        });
  }

  private void onGood(long sentNs) {
    lease.onGoodBeat(sentNs);
    hasBeaten = true;
    goodBeatNs = clockNs.getAsLong();
    boolean isFirst = !isConfirmed;
    isThere = true;
    isConfirmed = true;
    listener.onGoodBeat(isFirst);
  }

  private void onFailed(StorageException failure) {
    lease.onFailedBeat();
    listener.onFailedBeat(failure);
    if (!lease.isReadable()) {
      // Soon, while reads are held back.
      commands.postDelayed(settings.interval().toNanos() / 10, this::beat);
    }
  }

  /** The row is known to be gone. */
  void expel() {
    var lost = id;
    renew();
    listener.onExpelled(lost);
  }

  private void renew() {
    var bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    id = HexFormat.of().formatHex(bytes);
    isThere = false;
    isConfirmed = false;
    version = CoordinationStore.ABSENT;
    counter = 0;
    lease.end();
  }

  /** Removes the row, since no member is left, and takes another id then. */
  void remove(Runnable onRemoved) {
    if (isBusy) {
      return;
    }
    if (!isThere) {
      onRemoved.run();
      return;
    }
    isBusy = true;
    // Until a beat was written behind the removal, whose outcome may stay unknown.
    isConfirmed = false;
    var of = id;
    store.replace(
        key(id),
        version,
        null,
        (answer, failure) -> {
          isBusy = false;
          if (!of.equals(id)) {
            return;
          }
          if (failure == null && answer.isPresent()) {
            renew();
            onRemoved.run();
          } else if (failure == null) {
            look();
          }
          // Else the next tick tries again, or beats where a member has come.
        });
  }
}
