package io.liiklus.faults.load;

import java.time.Duration;

/**
 * Pace at which a member works. Immutable.
 *
 * @param processing how long it takes for each record
 * @param isEachAcked whether it waits for the ack of each record before it reads the next; else it
 *     reads on, and acks the latest each time the ack before was answered
 * @param batch how many records it takes in one reply; 0: one, not in a batch
 */
public record Pace(Duration processing, boolean isEachAcked, int batch) {

  /** Reads on while it acks. */
  public static final Pace FAST = new Pace(Duration.ZERO, false, 50);

  /** One after the other, as the client of docs/clients.md. */
  public static final Pace SLOW = new Pace(Duration.ofMillis(5), true, 0);
}
