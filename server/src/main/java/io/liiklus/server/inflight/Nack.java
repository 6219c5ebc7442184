package io.liiklus.server.inflight;

import java.util.OptionalLong;

/**
 * What a client says of records that it could not process. Immutable.
 *
 * @param delayNs when they come again; empty: by the backoff
 * @param reason goes with a record that is given up
 */
public record Nack(Action action, OptionalLong delayNs, String reason) {

  /** What is to become of the records. */
  public enum Action {
    RETRY,
    DEAD_LETTER,
    SKIP
  }
}
