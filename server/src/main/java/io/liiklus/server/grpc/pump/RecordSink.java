package io.liiklus.server.grpc.pump;

import io.grpc.ServerCall;
import io.liiklus.api.RecordBatch;
import io.liiklus.server.grpc.codec.reply.EncodedReply;

/** Where a pump sends replies. Confined to the call's event loop. */
public interface RecordSink {

  /** Whether one more reply may be sent now. */
  boolean isReady();

  void send(EncodedReply reply);

  /** How many records the next reply may have, where one may be sent. */
  default int maxRecords() {
    return Integer.MAX_VALUE;
  }

  /** How many bytes the next reply should have; it may always have one record. */
  default long maxBytes() {
    return Integer.MAX_VALUE;
  }

  /** How many records from here on may be in the reply; 0: the first is to be {@link #hold}. */
  default int sendable(RecordBatch batch, int from) {
    return batch.size() - from;
  }

  /** Takes a record that is to be sent later, and not by the pump. */
  default void hold(RecordBatch batch, int index) {
    throw new UnsupportedOperationException("all records are sent");
  }

  /** Records are in the reply that is sent next. */
  default void onAppended(RecordBatch batch, int from, int records, int bytes) {}

  /** A sink that is all of a call. */
  static RecordSink of(ServerCall<?, EncodedReply> call) {
    return new RecordSink() {
      @Override
      public boolean isReady() {
        return call.isReady();
      }

      @Override
      public void send(EncodedReply reply) {
        call.sendMessage(reply);
      }
    };
  }
}
