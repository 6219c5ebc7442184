package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.PublishResult;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;

/** A way by which batches go to a gateway. Confined to the loop. */
interface Sender {

  /** What a sender reports. Confined to the loop. */
  interface Owner {

    /** A gateway has answered. */
    void onConnected();

    /** More may be sent. */
    void onReady();

    /** The batch has a result for each of its records. */
    void onResults(List<PendingRecord> batch, List<PublishResult> results);

    /**
     * The sender takes nothing more.
     *
     * @param isSure whether these batches are surely not stored
     * @param out the batches without results, in their order
     */
    void onEnd(Sender sender, Status status, boolean isSure, List<List<PendingRecord>> out);
  }

  Metadata.Key<String> STORED = Metadata.Key.of("liiklus-stored", Metadata.ASCII_STRING_MARSHALLER);

  /** Whether the trailers say that nothing without a reply is stored. */
  static boolean isNotStored(Metadata trailers) {
    return trailers != null && "no".equals(trailers.get(STORED));
  }

  /** How many records a batch may have, at most. */
  int maxRecords();

  boolean canSend();

  void send(List<PendingRecord> batch);

  /** Ends it when all is answered. */
  void close();
}
