package io.liiklus.server.grpc.consume;

import io.liiklus.api.RecordBatch;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import io.liiklus.server.grpc.codec.reply.ReplyEncoder;
import io.liiklus.server.grpc.codec.reply.ReplyFormat;
import io.liiklus.server.inflight.InflightPartition;
import java.util.Arrays;

/** Sender of the records of one partition that come again. Confined to the call's event loop. */
final class Redelivery {

  private static final int[] FIRST_ATTEMPTS = {};

  private final Consumption consumption;
  private final InflightPartition inflight;

  Redelivery(Consumption consumption, InflightPartition inflight) {
    this.consumption = consumption;
    this.inflight = inflight;
  }

  /**
   * Sends what is to come again by now, as far as the client takes it.
   *
   * @return time until the client's quota allows more; 0: it does
   */
  long send(ReplyFormat format) {
    long nowNs = System.nanoTime();
    while (consumption.replies().isReady() && inflight.hasDue(nowNs)) {
      long waitNs = consumption.quota().receiveWaitNs();
      if (waitNs > 0) {
        consumption.quota().onHeldBack();
        return waitNs;
      }
      var reply = new Reply(consumption.pumpContext().encoder(), format);
      inflight.resend(nowNs, reply);
      var encoded = reply.encoder.end(reply.attempts());
      consumption.quota().onReceived(encoded.available());
      consumption.replies().send(encoded);
    }
    return 0;
  }

  /** One reply. Confined to its making. */
  private static final class Reply implements InflightPartition.Reply {
    private final ReplyEncoder encoder;
    private final ReplyFormat format;
    private int[] attempts = new int[8];

    private Reply(ReplyEncoder encoder, ReplyFormat format) {
      this.encoder = encoder;
      this.format = format;
      encoder.begin(format);
    }

    @Override
    public boolean add(RecordBatch batch, int index, int attempt) {
      int at = encoder.records();
      if (!append(batch, index)) {
        return false;
      }
      if (at == attempts.length) {
        attempts = Arrays.copyOf(attempts, 2 * at);
      }
      attempts[at] = attempt;
      return true;
    }

    private boolean append(RecordBatch batch, int index) {
      try {
        return encoder.append(batch, index);
      } catch (NotAnEvent reason) {
        if (encoder.records() > 0) {
          return false;
        }
        // It has a reply of its own.
        encoder.begin(format.ofBytes(), 1, Integer.MAX_VALUE);
        return encoder.append(batch, index);
      }
    }

    /** Empty where all records are sent for the first time. */
    private int[] attempts() {
      var all = Arrays.copyOf(attempts, encoder.records());
      return Arrays.stream(all).allMatch(attempt -> attempt == 1) ? FIRST_ATTEMPTS : all;
    }
  }
}
