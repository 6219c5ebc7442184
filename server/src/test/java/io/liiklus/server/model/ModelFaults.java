package io.liiklus.server.model;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** What goes wrong, and what else happens, while readers poll. Confined to the test's thread. */
final class ModelFaults {

  /** How a poll fails. */
  enum Fault {
    PASSING,
    REFUSED,
    OURS
  }

  private final Queue<Fault> ofTails = new ArrayDeque<>();
  private final Queue<Fault> ofCatchUps = new ArrayDeque<>();
  private final Set<Throwable> refusals = new HashSet<>();
  private Runnable meanwhile = () -> {};

  /** How many of the next consumers cannot be opened. */
  private int unopened;

  private int unclosed;

  /** The next poll fails. */
  void add(boolean isOfTail, Fault fault) {
    (isOfTail ? ofTails : ofCatchUps).add(fault);
  }

  void refuseToOpen() {
    unopened++;
  }

  void refuseToClose() {
    unclosed++;
  }

  void heal() {
    ofTails.clear();
    ofCatchUps.clear();
    unopened = 0;
    unclosed = 0;
  }

  void beforeOpen() {
    if (unopened > 0) {
      unopened--;
      throw new KafkaException("as the script says: no such host");
    }
  }

  void beforeClose() {
    if (unclosed > 0) {
      unclosed--;
      throw new KafkaException("as the script says: not closed");
    }
  }

  void beforePoll(boolean isOfTail) {
    var fault = (isOfTail ? ofTails : ofCatchUps).poll();
    if (fault == null) {
      return;
    }
    switch (fault) {
      case PASSING -> throw new DisconnectException("as the script says");
      case REFUSED -> {
        var refusal = new TopicAuthorizationException("as the script says");
        refusals.add(refusal);
        throw refusal;
      }
      case OURS -> throw new IllegalStateException("as the script says");
    }
  }

  /** Whether a member may end by it. */
  boolean isToldOf(Throwable failure) {
    return refusals.contains(failure)
        || refusals.contains(failure.getCause())
        || failure.getCause() instanceof IllegalStateException;
  }

  /** In the middle of the next poll of the turn, this happens. */
  void during(Runnable turn, Runnable happens) {
    var before = meanwhile;
    meanwhile = happens;
    turn.run();
    meanwhile = before;
  }

  void meanwhile() {
    var happens = meanwhile;
    meanwhile = () -> {};
    happens.run();
  }
}
