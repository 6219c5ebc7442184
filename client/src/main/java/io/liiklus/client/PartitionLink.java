package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.NackAction;

/** The gateway's side of one partition that a member has. Confined to the loop. */
interface PartitionLink {

  int partition();

  /** Begins to give the run its records. */
  void start(PartitionRun run);

  /** Whether no position is to be stored here before records are handled. */
  boolean isAckedBefore();

  /** The records up to this one are done with. */
  void ack(long position);

  /** One record is done with, behind others that are not. */
  void ackAlone(long offset);

  /** Whether the gateway has records come again, and publishes those that are given up. */
  boolean hasNack();

  /**
   * The handler failed at a record. By {@code RETRY} it is given to the run again; of {@code
   * DEAD_LETTER} the run is notified by the position that is stored.
   */
  void nack(long offset, NackAction action, Throwable failure);

  /** The last position that is stored, as far as that is known; -1: none. */
  long stored();

  /** Runs this when the newest position is stored, or cannot be. */
  void whenAcked(Runnable task);

  /** There is room for more records; where too many were there, again. */
  void readOn();

  /** Takes no more records. */
  void stop();

  /** Nothing can be acknowledged any more. */
  void lose();

  /** The run is done with the partition. */
  void finished();
}
