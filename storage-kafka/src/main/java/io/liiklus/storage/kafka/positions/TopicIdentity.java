package io.liiklus.storage.kafka.positions;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the topic is the one that was read. Nothing is answered from one that is gone, or is
 * another of the same name; that is logged once, when brokers have said so for {@link #CONFIRM_NS},
 * since one that was away may still tell of what was. Nor is it from one that was given more
 * partitions, which no broker tells of before that is so. Thread-safe: guarded by itself.
 */
final class TopicIdentity {

  private static final Logger log = LoggerFactory.getLogger(TopicIdentity.class);

  static final long CONFIRM_NS = 1_000_000_000;

  private static final String WHAT_TO_DO =
      "; docs/operations.md says what to do, and a restart of the gateway takes the topic as it is"
          + " then";

  private final String topic;
  private final LongSupplier clockNs;

  // Guarded by this.
  private Uuid id;

  private int partitions;
  private Uuid suspect;
  private long suspectSinceNs;

  /** Any thread. Null while it is the one that was read. */
  private volatile StorageException fault;

  private boolean isLost;

  TopicIdentity(String topic, LongSupplier clockNs) {
    this.topic = topic;
    this.clockNs = clockNs;
  }

  /**
   * The topic to go by, from now on.
   *
   * @param count how many partitions it has
   */
  synchronized void adopt(Uuid adopted, int count) {
    id = adopted;
    partitions = count;
    suspect = null;
  }

  /** Whether the topic was lost for good, so that only a restart helps. */
  synchronized boolean isLost() {
    return isLost;
  }

  /** Why nothing may be answered; empty while all is well. */
  Optional<StorageException> fault() {
    return Optional.ofNullable(fault);
  }

  /**
   * To be called with what a broker says.
   *
   * @param seen the id of the topic of this name; {@link Uuid#ZERO_UUID} where there is none
   * @param count how many partitions it has
   * @throws StorageException where it is not the topic that was read
   */
  synchronized void require(Uuid seen, int count) {
    if (isLost) {
      throw fault;
    }
    if (id == null || seen.equals(id)) {
      suspect = null;
      fault = null;
      if (id != null && count > partitions) {
        throw withMorePartitions(count);
      }
      return;
    }
    boolean isGone = seen.equals(Uuid.ZERO_UUID);
    if (!seen.equals(suspect)) {
      suspect = seen;
      suspectSinceNs = clockNs.getAsLong();
      fault = unavailable(isGone);
    } else if (clockNs.getAsLong() - suspectSinceNs >= CONFIRM_NS) {
      isLost = true;
      log.error(
          "the positions topic was deleted, and no position is found or stored any more, topic={}"
              + " madeAnew={}",
          topic,
          !isGone);
    }
    throw fault;
  }

  private StorageException unavailable(boolean isGone) {
    var what = isGone ? " was deleted" : " was deleted and made anew";
    return new StorageException(
        Kind.UNAVAILABLE,
        "the positions topic " + topic + what + ", with all positions" + WHAT_TO_DO);
  }

  /** They stay until the topic is deleted. */
  private StorageException withMorePartitions(int count) {
    isLost = true;
    fault =
        new StorageException(
            Kind.UNAVAILABLE,
            "the positions topic %s was given %d partitions, and positions need the one order of one"
                    .formatted(topic, count)
                + WHAT_TO_DO);
    log.error(
        "the positions topic was given more partitions, and no position is found or stored any"
            + " more, topic={} partitions={}",
        topic,
        count);
    return fault;
  }
}
