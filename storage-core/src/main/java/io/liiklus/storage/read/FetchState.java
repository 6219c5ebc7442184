package io.liiklus.storage.read;

/**
 * Source of the batches of one partition of one group. Immutable.
 *
 * <pre>
 *                 RESUMED      SOUGHT       TAIL_REACHED  TAIL_LOST    TAIL_CUT  TROUBLE  CLOSED
 *   STOPPED       CATCHING_UP  CATCHING_UP  -             -            -         -        ENDED
 *   CATCHING_UP   -            CATCHING_UP  AT_TAIL       -            -         STOPPED  ENDED
 *   AT_TAIL       -            CATCHING_UP  -             CATCHING_UP  STOPPED   -        ENDED
 *   ENDED         -            -            -             -            -         -        ENDED
 * </pre>
 */
enum FetchState {
  /** None, while offsets are looked up. */
  STOPPED,
  /** Catch-up readers. */
  CATCHING_UP,
  /** The tail cache. */
  AT_TAIL,
  /** None any more. */
  ENDED;

  /** What happens to a partition's fetching. */
  enum Event {
    /** The offset to go on at was looked up. */
    RESUMED,
    SOUGHT,
    /** The tail cache has the next record. */
    TAIL_REACHED,
    /** The tail cache has the next record no more. */
    TAIL_LOST,
    /** The log does not have what comes next at its end. */
    TAIL_CUT,
    /** A catch-up reader cannot go on by itself. */
    TROUBLE,
    /** The assignment has ended. */
    CLOSED
  }

  /** The state after the event; null where the event does not concern this state. */
  FetchState after(Event event) {
    return switch (event) {
      case RESUMED -> this == STOPPED ? CATCHING_UP : null;
      case SOUGHT -> this == ENDED ? null : CATCHING_UP;
      case TAIL_REACHED -> this == CATCHING_UP ? AT_TAIL : null;
      case TAIL_LOST -> this == AT_TAIL ? CATCHING_UP : null;
      case TAIL_CUT -> this == AT_TAIL ? STOPPED : null;
      case TROUBLE -> this == CATCHING_UP ? STOPPED : null;
      case CLOSED -> ENDED;
    };
  }

  boolean isConcernedBy(Event event) {
    return after(event) != null;
  }
}
