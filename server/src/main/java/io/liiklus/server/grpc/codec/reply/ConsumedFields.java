package io.liiklus.server.grpc.codec.reply;

import static io.liiklus.server.grpc.codec.reply.EncodedReply.bytesTag;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintBytes;
import static io.liiklus.server.grpc.codec.reply.EncodedReply.varintTag;

import com.github.bsideup.liiklus.protocol.ConsumeRecords;
import com.github.bsideup.liiklus.protocol.ConsumeReply;

/** Fields around the records of a {@code ConsumeReply}. Immutable. */
final class ConsumedFields {

  private static final int RECORDS_TAG = bytesTag(ConsumeReply.RECORDS_FIELD_NUMBER);
  private static final int PARTITION_TAG = varintTag(ConsumeRecords.PARTITION_FIELD_NUMBER);
  private static final int ATTEMPTS_TAG = bytesTag(ConsumeRecords.ATTEMPTS_FIELD_NUMBER);

  /** A tag and a varint of 32 bits. */
  private static final int MOST_FIELD_BYTES = 6;

  private ConsumedFields() {}

  /**
   * Wraps the field of records that the reply has.
   *
   * @param attempts empty: the field is left out
   */
  static void write(EncodedReply reply, int partition, int[] attempts) {
    int size = 0;
    for (int attempt : attempts) {
      size += varintBytes(attempt);
    }
    reply.reserve(2 * MOST_FIELD_BYTES + size);
    if (partition != 0) {
      reply.varint(PARTITION_TAG);
      reply.varint(partition);
    }
    if (size > 0) {
      reply.varint(ATTEMPTS_TAG);
      reply.varint(size);
      for (int attempt : attempts) {
        reply.varint(attempt);
      }
    }
    reply.wrap(RECORDS_TAG);
  }
}
