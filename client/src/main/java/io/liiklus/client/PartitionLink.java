package io.liiklus.client;

/** The gateway's side of one partition that a member has. Confined to the loop. */
interface PartitionLink {

  int partition();

  /** Begins to give the run its records. */
  void start(PartitionRun run);

  /** Whether positions are stored before records come, by the gateway itself. */
  boolean isAckedBefore();

  /** The records up to this one are done with. */
  void ack(long position);

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
