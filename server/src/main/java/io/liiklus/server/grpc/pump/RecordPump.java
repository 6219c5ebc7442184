package io.liiklus.server.grpc.pump;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.reply.ReplyEncoder;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.server.quota.PrincipalQuota;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends records while its sink takes them. Confined to the call's event loop.
 *
 * <h2>Backpressure</h2>
 *
 * The transport is ready while less than the ready threshold waits in it, and it empties as fast as
 * the client reads. While it is not ready nothing is sent; then no batch is used up; then no read
 * is opened, and the storage stops when its prefetch is full. So a stream costs the threshold, two
 * batches and its storage's prefetch.
 *
 * <p>A client that has got more than its quota is held back in the same way, until that is over.
 *
 * <p>A batch may pin the whole fetch that it came with. When the client has not been ready for a
 * while, the rest of both is copied out.
 *
 * <h2>The end of a log</h2>
 *
 * A log that has ended for good is read no further, and its stream stays open: it ends when the
 * assignment is taken away.
 */
public final class RecordPump implements Pump {

  private final RecordSink sink;
  private final EventLoop loop;
  private final PartitionReader reader;
  private final ReplyEncoder encoder;
  private final ReplyFormat format;
  private final Duration copyAfter;
  private final Consumer<Throwable> onEnd;

  private RecordBatch batch;
  private int index;
  private RecordBatch next;
  private boolean isReading;
  private boolean isStopped;

  /** The end of reading; passed on when all that was read before is sent. */
  private Throwable failure;

  /** All of a log was read that has ended for good. */
  private boolean isLogOver;

  private long sent;
  private boolean isStallWatched;

  private RateHold rate;

  /**
   * @param onEnd notified of the reason for the end, after the last record was handed to the
   *     transport
   */
  public RecordPump(
      RecordSink sink,
      PartitionReader reader,
      ReplyFormat format,
      PumpContext context,
      Consumer<Throwable> onEnd) {
    this.sink = sink;
    this.reader = reader;
    this.format = format;
    this.loop = context.loop();
    this.encoder = context.encoder();
    this.copyAfter = context.copyAfter();
    this.onEnd = onEnd;
    this.rate = new RateHold(loop, PrincipalQuota.UNLIMITED, this::pump);
  }

  /** Sends no faster than this quota allows. Before the first record. */
  public void useWithin(PrincipalQuota quota) {
    rate = new RateHold(loop, quota, this::pump);
  }

  @Override
  public void pump() {
    while (!isStopped && sink.isReady() && !rate.isOverRate()) {
      if (!hasRecord()) {
        readAhead();
        if (!hasRecord()) {
          break;
        }
      }
      send();
    }
    if (isStopped) {
      return;
    }
    if (hasRecord()) {
      watchStall();
    } else if (failure != null) {
      stop();
      onEnd.accept(failure);
    }
  }

  /** One reply, of as many records as are there and may be in it. */
  private void send() {
    var reply = encode();
    if (reply != null) {
      sent += encoder.records();
      rate.onSent(reply.available());
      sink.send(reply);
    }
  }

  /** Null where there is none, be it that nothing more comes or that a record was held. */
  private EncodedReply encode() {
    encoder.begin(format, sink.maxRecords(), sink.maxBytes());
    try {
      while (hasRecord()) {
        int sendable = sink.sendable(batch, index);
        if (sendable == 0) {
          return holdOrEnd();
        }
        int before = encoder.bytes();
        int added = encoder.appendFrom(batch, index, sendable);
        if (added == 0) {
          break;
        }
        onAppended(added, before);
      }
    } catch (NotAnEvent reason) {
      if (format.isConsumed()) {
        return encodeAsBytes();
      }
      var status = noEvent(reason);
      stop();
      onEnd.accept(status.asRuntimeException());
      return null;
    } catch (RuntimeException fault) {
      stop();
      onEnd.accept(fault);
      return null;
    }
    return encoder.end();
  }

  private void onAppended(int added, int bytesBefore) {
    sink.onAppended(batch, index, added, encoder.bytes() - bytesBefore);
    index += added;
    readAheadWhenHalfIsGone();
  }

  /** The sink keeps the next record, once all before it are on their way. */
  private EncodedReply holdOrEnd() {
    if (encoder.records() > 0) {
      return encoder.end();
    }
    sink.hold(batch, index);
    index++;
    readAheadWhenHalfIsGone();
    return null;
  }

  /** A record that is no event, in a reply of its own. */
  private EncodedReply encodeAsBytes() {
    encoder.begin(format.ofBytes());
    encoder.append(batch, index);
    onAppended(1, 0);
    return encoder.end();
  }

  private void readAheadWhenHalfIsGone() {
    if (index * 2 >= batch.size()) {
      readAhead();
    }
  }

  private Status noEvent(NotAnEvent reason) {
    long offset = batch.offset(index);
    return Status.FAILED_PRECONDITION.withDescription(
        "the record at partition=%d offset=%d is no event: %s; %s skips it"
            .formatted(reader.partition(), offset, reason.getMessage(), wayBehind(offset)));
  }

  /** The way in which a client goes on behind an offset. */
  public static String wayBehind(long offset) {
    // 0 would mean that no offset is known.
    return offset == 0 ? "an Ack of offset 0" : "last_known_offset=" + offset;
  }

  @Override
  public void stop() {
    isStopped = true;
    batch = null;
    next = null;
    rate.cancel();
  }

  private boolean hasRecord() {
    if (batch != null && index < batch.size()) {
      return true;
    }
    batch = next;
    next = null;
    index = 0;
    return batch != null;
  }

  private void readAhead() {
    if (isReading || next != null || failure != null || isLogOver || isStopped) {
      return;
    }
    isReading = true;
    var read = reader.read().toCompletableFuture();
    if (read.isDone() && !read.isCompletedExceptionally()) {
      isReading = false;
      next = read.join();
    } else {
      var unused = read.whenCompleteAsync(this::onRead, loop);
    }
  }

  private void onRead(RecordBatch found, Throwable ended) {
    isReading = false;
    if (isStopped) {
      return;
    }
    if (ended != null && StorageException.of(ended).kind() == StorageException.Kind.ENDED) {
      isLogOver = true;
    } else if (ended != null) {
      failure = ended;
    } else {
      next = found;
    }
    if (ended != null && isOfTaken(ended)) {
      // What was read before is another member's to send.
      stop();
      onEnd.accept(ended);
    } else {
      pump();
    }
  }

  /** Whether a read failed as its partition was taken away, or its session was closed. */
  public static boolean isOfTaken(Throwable failure) {
    return switch (StorageException.of(failure).kind()) {
      case REVOKED, LOST, CLOSED -> true;
      default -> false;
    };
  }

  private void watchStall() {
    if (!isStallWatched) {
      isStallWatched = true;
      long sentBefore = sent;
      var unused =
          loop.schedule(
              () -> onStallWatched(sentBefore), copyAfter.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void onStallWatched(long sentBefore) {
    isStallWatched = false;
    if (isStopped || !hasRecord() || (sink.isReady() && !rate.isHeldBack())) {
      return;
    }
    if (sent != sentBefore) {
      watchStall();
      return;
    }
    batch = batch.copyFrom(index);
    index = 0;
    next = next == null ? null : next.copyFrom(0);
  }
}
