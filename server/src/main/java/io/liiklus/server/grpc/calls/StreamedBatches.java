package io.liiklus.server.grpc.calls;

import io.grpc.Status;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.publish.PartialAnswer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Batches of a PublishStream that are not answered, in the order in which they came. Confined to
 * the call's event loop.
 */
final class StreamedBatches {

  /** A batch that has come and is not answered. Confined to the call's event loop. */
  static final class Batch {

    private final long deadlineNs;

    /** Null where the request was refused at once. */
    private PartialAnswer<EncodedReply> answer;

    /** Null as long as it is not known. */
    private EncodedReply reply;

    /** The call no longer waits for its answer. */
    private boolean isDropped;

    private Batch(long deadlineNs) {
      this.deadlineNs = deadlineNs;
    }

    void begin(PartialAnswer<EncodedReply> begun) {
      answer = begun;
    }

    void answer(EncodedReply known) {
      reply = known;
    }

    boolean isWaiting() {
      return reply == null && !isDropped;
    }

    long deadlineNs() {
      return deadlineNs;
    }

    private void cancel() {
      isDropped = true;
      if (reply == null && answer != null) {
        answer.cancel();
      }
    }
  }

  /** Reports a batch that could not be given up, and why. */
  interface Refusals {
    void refused(Batch batch, RuntimeException failure);
  }

  private final Deque<Batch> batches = new ArrayDeque<>();

  Batch add(long deadlineNs) {
    var batch = new Batch(deadlineNs);
    batches.add(batch);
    return batch;
  }

  boolean isEmpty() {
    return batches.isEmpty();
  }

  /** The reply of the first batch, which is answered by it; null where it is not known. */
  EncodedReply takeFirst() {
    var first = batches.peek();
    if (first == null || first.reply == null) {
      return null;
    }
    return batches.remove().reply;
  }

  /** Bytes of the replies that could be sent now, if the client read them. */
  long replyBytes() {
    long bytes = 0;
    for (var batch : batches) {
      if (batch.reply == null) {
        return bytes;
      }
      bytes += batch.reply.available();
    }
    return bytes;
  }

  /** The first batch whose reply is not known; null where there is none. */
  Batch firstWaiting() {
    for (var batch : batches) {
      if (batch.isWaiting()) {
        return batch;
      }
    }
    return null;
  }

  /** Takes out this batch and those behind it, the last one first. */
  void dropFrom(Batch batch) {
    while (batches.peekLast() != batch) {
      batches.removeLast().cancel();
    }
    batches.removeLast().cancel();
  }

  void dropAll() {
    while (!batches.isEmpty()) {
      batches.removeLast().cancel();
    }
  }

  /**
   * Gives up the batches whose time has come, the last one first: none is published because one
   * before it was taken back.
   *
   * @param unknown the status of records without an answer
   * @param nowNs the largest number gives up all
   */
  void giveUp(Status unknown, long nowNs, Refusals refusals) {
    for (Iterator<Batch> last = batches.descendingIterator(); last.hasNext(); ) {
      var batch = last.next();
      boolean isDue = nowNs == Long.MAX_VALUE || batch.deadlineNs - nowNs <= 0;
      if (batch.isWaiting() && isDue) {
        try {
          batch.reply = batch.answer.giveUp(unknown);
        } catch (RuntimeException refused) {
          refusals.refused(batch, refused);
          return;
        }
      }
    }
  }
}
