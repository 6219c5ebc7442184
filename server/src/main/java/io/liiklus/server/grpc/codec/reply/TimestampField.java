package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.reply.EncodedReply.bytesTag;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintBytes;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintTag;

import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.Timestamp;

/**
 * Timestamp of one record as a field of its reply, left out where the record has none, or one that
 * a {@code google.protobuf.Timestamp} may not have. Confined to its {@link ReplyEncoder}, which
 * uses it again and again.
 */
final class TimestampField {

  /** The end of year 9999. Producers that count in microseconds write later ones. */
  static final long LATEST_MS = 253_402_300_799_999L;

  private static final int TAG = bytesTag(ReceiveReply.Record.TIMESTAMP_FIELD_NUMBER);
  private static final int SECONDS_TAG = varintTag(Timestamp.SECONDS_FIELD_NUMBER);
  private static final int NANOS_TAG = varintTag(Timestamp.NANOS_FIELD_NUMBER);

  private boolean isSet;
  private long seconds;
  private int nanos;

  /**
   * @param ms since 1970; negative where there is none
   */
  void set(long ms) {
    isSet = ms >= 0 && ms <= LATEST_MS;
    seconds = ms / 1_000;
    nanos = (int) (ms % 1_000) * 1_000_000;
  }

  /** Bytes of the field with tag and length; 0 where it is left out. */
  int size() {
    // The length is below 128, and so one byte.
    return isSet ? 2 + fieldsSize() : 0;
  }

  void writeTo(EncodedReply reply) {
    if (!isSet) {
      return;
    }
    reply.varint(TAG);
    reply.varint(fieldsSize());
    if (seconds > 0) {
      reply.varint(SECONDS_TAG);
      reply.varint(seconds);
    }
    if (nanos > 0) {
      reply.varint(NANOS_TAG);
      reply.varint(nanos);
    }
  }

  private int fieldsSize() {
    return (seconds == 0 ? 0 : 1 + varintBytes(seconds))
        + (nanos == 0 ? 0 : 1 + varintBytes(nanos));
  }
}
