package io.liiklus.client;

import io.grpc.Status;

/**
 * Hooks for metrics. Called on threads of the client, which it must not block; what it throws is
 * logged. Implementations are thread-safe.
 */
public interface ClientListener {

  /** Records were stored. */
  default void onPublished(int records) {}

  /** Records were surely not stored, or may be and this is opted in for, and are sent again. */
  default void onPublishRetry(int records, Status reason) {}

  /** Records were given up; their futures have failed. */
  default void onPublishFailed(int records, Status reason) {}

  /** A PublishStream, Consume or Subscribe was opened: a gateway has answered. */
  default void onConnected(String call) {}

  /** A PublishStream, Consume or Subscribe has ended, and is opened again. */
  default void onDisconnected(String call, Status reason) {}

  /** A consumer was given a partition. */
  default void onAssigned(String topic, int partition) {}

  /** It has it no more. */
  default void onRevoked(String topic, int partition) {}

  /** Records came. */
  default void onReceived(String topic, int partition, int records) {}

  /** The handler is done with records. */
  default void onHandled(String topic, int partition, int records) {}

  /** The handler failed at a record, which comes again or is given up. */
  default void onHandlerFailed(String topic, int partition, long offset, Throwable failure) {}

  /** A record cannot be read, and its partition stands still. */
  default void onUnreadable(String topic, int partition, long offset, Status reason) {}

  /** A record went to the dead-letter topic. */
  default void onDeadLetter(String topic, int partition, long offset) {}

  /** A position was stored. */
  default void onAcked(String topic, int partition, long offset) {}
}
