package io.liiklus.server.grpc.codec.reply;

import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.InvalidProtocolBufferException;
import io.liiklus.api.RecordBatch;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Replies as a client parses them. Confined to one test. */
public final class Replies {

  public static final int MAX_REPLY_BYTES = 64 * 1024;

  private final ReplyEncoder encoder = new ReplyEncoder(MAX_REPLY_BYTES);
  private final boolean isEvents;
  private final long replayedUpTo;

  public Replies(boolean isEvents, long replayedUpTo) {
    this.isEvents = isEvents;
    this.replayedUpTo = replayedUpTo;
  }

  /** The reply for one record. */
  public ReceiveReply reply(RecordBatch batch, int index) {
    encoder.begin(new ReplyFormat(isEvents, 1, replayedUpTo));
    encoder.append(batch, index);
    return parse(bytes(encoder.end()));
  }

  /**
   * A reply for the records of {@code [from, to)}, up to the first that does not fit or is none.
   */
  public ReceiveReply reply(RecordBatch batch, int from, int to) {
    encoder.begin(new ReplyFormat(isEvents, Math.max(2, to - from), replayedUpTo));
    try {
      for (int i = from; i < to && encoder.append(batch, i); i++) {}
    } catch (NotAnEvent reason) {
      if (encoder.records() == 0) {
        throw reason;
      }
    }
    return parse(bytes(encoder.end()));
  }

  /** What the transport is given; it is told how much that will be before. */
  public static byte[] bytes(EncodedReply reply) {
    var out = new ByteArrayOutputStream();
    int told = reply.available();
    try {
      int drained = reply.drainTo(out);
      if (told != out.size() || drained != told) {
        throw new AssertionError(
            "told " + told + ", drained " + drained + ", wrote " + out.size() + " bytes");
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  private static ReceiveReply parse(byte[] bytes) {
    try {
      return ReceiveReply.parseFrom(bytes);
    } catch (InvalidProtocolBufferException invalid) {
      throw new AssertionError(invalid);
    }
  }
}
