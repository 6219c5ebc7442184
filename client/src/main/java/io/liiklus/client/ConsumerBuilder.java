package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest.AutoOffsetReset;
import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * A consumer to be: its settings, and the handler that starts it. Confined to the thread that makes
 * it.
 *
 * <p>A record is acknowledged when the handler is done with it (at least once), or before ({@link
 * #atMostOnce}). Records of a partition, or of a key of it, are handled in their order, one after
 * the other. A record at which the handler fails comes again, by the {@link RetryPolicy}.
 */
public final class ConsumerBuilder {

  private static final int MOST_BATCH = 10_000;

  private final LiiklusClient client;
  private final SubscribeRequest.Builder subscription;
  private int parallelism = Math.max(2, Runtime.getRuntime().availableProcessors());
  private boolean isByKey;
  private boolean isAtMostOnce;
  private int batchRecords = 500;
  private int maxUnacked = 10_000;
  private long maxUnackedBytes = 8 << 20;
  private boolean isEvents;
  private boolean isWithoutAcks;
  private RetryPolicy retry = RetryPolicy.ENDLESS;

  /** Null until it is started. */
  private Handler handler;

  ConsumerBuilder(LiiklusClient client, String topic, String group) {
    this.client = client;
    this.subscription = SubscribeRequest.newBuilder().setTopic(topic).setGroup(group);
  }

  /** The group's version; 0 by default. */
  public ConsumerBuilder version(int version) {
    subscription.setGroupVersion(version);
    return this;
  }

  /** Where a group without a position begins; the earliest record by default. */
  public ConsumerBuilder startAt(AutoOffsetReset reset) {
    subscription.setAutoOffsetReset(reset);
    return this;
  }

  /** How many handlers run at once; as many as there are processors by default, and at least 2. */
  public ConsumerBuilder parallelism(int handlers) {
    parallelism = positive("parallelism", handlers, MOST_BATCH);
    return this;
  }

  /** Handles records of different keys of a partition at once, too; those of a key in order. */
  public ConsumerBuilder byKey() {
    isByKey = true;
    return this;
  }

  /** Acknowledges before the handler is called; a record at which it fails does not come again. */
  public ConsumerBuilder atMostOnce() {
    isAtMostOnce = true;
    return this;
  }

  /** Records of one reply, and of one call of a handler of batches; 500 by default. */
  public ConsumerBuilder batchRecords(int records) {
    batchRecords = positive("batchRecords", records, MOST_BATCH);
    return this;
  }

  /** Records of a partition that are here without an ack, before it is read on; 10,000. */
  public ConsumerBuilder maxUnackedRecords(int records) {
    maxUnacked = positive("maxUnackedRecords", records, Integer.MAX_VALUE);
    return this;
  }

  /** The bytes of these records; 8 MiB by default. One reply always comes. */
  public ConsumerBuilder maxUnackedBytes(long bytes) {
    maxUnackedBytes = positive("maxUnackedBytes", bytes, Long.MAX_VALUE);
    return this;
  }

  /**
   * Reads CloudEvents as {@link ReceivedRecord#event}; without it they come in their JSON form. A
   * record that is no event comes all the same, without one.
   */
  public ConsumerBuilder events() {
    isEvents = true;
    return this;
  }

  /**
   * Stores no position, as for a look into a topic: each time that the group is joined, it begins
   * where it was.
   */
  public ConsumerBuilder withoutAcks() {
    isWithoutAcks = true;
    return this;
  }

  /** What becomes of a record at which the handler failed; {@link RetryPolicy#ENDLESS}. */
  public ConsumerBuilder retry(RetryPolicy policy) {
    retry = Objects.requireNonNull(policy);
    return this;
  }

  private static int positive(String name, int value, int most) {
    return (int) positive(name, (long) value, most);
  }

  private static long positive(String name, long value, long most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + " is not allowed; from 1 to " + most);
    }
    return value;
  }

  /** Starts a consumer that calls this for each record. */
  public Consumer handle(RecordHandler handler) {
    return start(Handler.of(handler));
  }

  /** Starts a consumer that calls this for what is there, {@link #batchRecords} at most. */
  public Consumer handleBatches(BatchHandler handler) {
    return start(Handler.of(handler, batchRecords));
  }

  /** Starts a consumer that calls this for each record, and waits for its stage. */
  public Consumer handleAsync(AsyncHandler handler) {
    return start(Handler.of(handler));
  }

  /**
   * The records as a publisher for one subscriber, whose subscription starts a consumer. A record
   * is done with when {@code onNext} has returned. A cancel ends the consumer, as {@link
   * LiiklusClient#close} does, which completes the subscriber.
   */
  public Flow.Publisher<ReceivedRecord> publisher() {
    return new RecordFlow(this);
  }

  private Consumer start(Handler started) {
    handler = started;
    return client.start(this);
  }

  Handler handler() {
    return handler;
  }

  SubscribeRequest subscription() {
    return subscription.build();
  }

  int parallelism() {
    return parallelism;
  }

  /** How many lanes a partition has. */
  int lanes() {
    return isByKey ? parallelism : 1;
  }

  boolean isAtMostOnce() {
    return isAtMostOnce;
  }

  int batchRecords() {
    return batchRecords;
  }

  int maxUnacked() {
    return maxUnacked;
  }

  long maxUnackedBytes() {
    return maxUnackedBytes;
  }

  boolean isEvents() {
    return isEvents;
  }

  boolean isWithoutAcks() {
    return isWithoutAcks;
  }

  RetryPolicy retry() {
    return retry;
  }
}
