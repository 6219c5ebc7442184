package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Publisher that puts what is published at once into batches of one PublishStream. Thread-safe.
 *
 * <p>Records of one key are stored in the order in which they were published by one thread, also
 * where some are sent again. A record that is surely not stored is sent again until its time is
 * over; one that may be stored is not, unless {@link PublisherOptions#withUnknownRetried} opts in.
 */
public final class Publisher implements AutoCloseable {

  /** Bytes of a record beside its own. */
  private static final int RECORD_BYTES = 64;

  private static final Status NO_ROOM =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "no room for the record in time: more than maxRecords or maxBytes wait");

  private static final Status CLOSED =
      Status.CANCELLED.withDescription("the publisher is closed; the record was not sent");

  private final PublisherOptions options;
  private final GatewayChannel channel;
  private final Room room;
  private final Queue<PendingRecord> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isTurnDue = new AtomicBoolean();
  private final PublishLoop loop;
  private volatile boolean isClosed;

  Publisher(GatewayChannel channel, PublisherOptions options, ClientListener listener) {
    this.options = options;
    this.channel = channel;
    this.room = new Room(options.maxRecords(), options.maxBytes());
    this.loop = new PublishLoop(channel, options, room, listener);
  }

  /**
   * Publishes a record of text.
   *
   * @param key may be empty: the record has none
   */
  public CompletableFuture<PublishReply> publish(String topic, String key, String value) {
    return publish(
        PublishRequest.newBuilder()
            .setTopic(topic)
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .build());
  }

  /**
   * Publishes a record. Waits where there is no room for it.
   *
   * @return completes where the record landed, or with a {@link PublishException}
   */
  public CompletableFuture<PublishReply> publish(PublishRequest record) {
    if (isClosed) {
      return CompletableFuture.failedFuture(new PublishException(CLOSED, true));
    }
    int bytes = record.getSerializedSize() + RECORD_BYTES;
    long timeoutNs = options.timeout().toNanos();
    long deadlineNs = System.nanoTime() + timeoutNs;
    if (!room.take(bytes, timeoutNs)) {
      return CompletableFuture.failedFuture(new PublishException(NO_ROOM, true));
    }
    var pending = new PendingRecord(record, bytes, deadlineNs);
    inbox.add(pending);
    if (isTurnDue.compareAndSet(false, true)) {
      channel.execute(this::turn);
    }
    return pending.answer();
  }

  private void turn() {
    // First, so that what comes from now on is another turn.
    isTurnDue.set(false);
    for (var pending = inbox.poll(); pending != null; pending = inbox.poll()) {
      loop.add(pending);
    }
    loop.send();
  }

  /** Returns when all records are answered, at the latest when the time of each is over. */
  @Override
  public void close() {
    close(options.timeout().plusSeconds(1));
  }

  /** The same with another bound, after which records that were not sent fail. */
  public void close(Duration timeout) {
    isClosed = true;
    var unused = room.awaitEmpty(timeout.toNanos());
    channel.execute(
        () -> {
          turn();
          loop.close(CLOSED);
        });
  }
}
