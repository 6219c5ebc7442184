package io.liiklus.server.model;

/**
 * One step of a script. Its numbers are taken modulo what there is when the step is done, so every
 * part of a script is a script. Immutable.
 */
record Op(Kind kind, int a, int b, int c) {

  /** What a step does, what its numbers mean, and how often it comes in a random script. */
  enum Kind {
    /** Subscribe: member, reset, demand. */
    OPEN(2),
    /** Cancel a Subscribe: member. */
    CLOSE(1),
    /** A group gives a partition to a member, or to none: partition, member. */
    ASSIGN(8),
    /** A member gives all up and gets them back: member. */
    EAGER(2),
    /** A member is thrown out of the group, and learns of it later: member. */
    LOSE(2),
    /** The broker refuses a member: member. */
    REFUSE(1),
    /** Polls fail: whose, how. */
    FAIL(2),
    /** A turn of a member: member, steps done during its poll, and during a revocation. */
    TURN(40),
    /** A round of a tail reader: which, steps done during its poll, whether another follows. */
    TAIL(30),
    /** As {@link #TAIL}, of a catch-up reader. */
    CATCH_UP(40),
    /** Tasks of an event loop: loop, how many, 0 for all. */
    RUN(50),
    /** Time passes: how long. */
    TIME(6),
    /** Records are written: partition, how many, gaps and kinds. */
    APPEND(16),
    /** Retention removes records: partition, how many. */
    EXPIRE(2),
    /** A new leader has not the last records: partition, how many. */
    CUT(1),
    /** A record is compacted away: partition, which. */
    COMPACT(2),
    /** A record becomes unreadable: partition, which. */
    SPOIL(1),
    /** A transaction begins, or ends, which hides what is written after it: partition. */
    HOLD(2),
    /** The gateway is told to end: -, -, steps done meanwhile. */
    DRAIN(1),
    /** The topic is deleted and made anew. */
    ANEW(1),
    /** How the positions storage answers from now on: mode. */
    POSITIONS(6),
    /** How look-ups of the log are answered from now on: mode. */
    LOOKUPS(4),
    /** One or more questions are answered: whose, outcome, which. */
    ANSWER(16),
    /** Receive: member, partition, options. */
    RECEIVE(16),
    /** A client takes more: Receive, how many replies. */
    DEMAND(16),
    /** A client takes more of a Subscribe: member. */
    DEMAND_SUBSCRIBE(2),
    /** Cancel a Receive: Receive, whether it is called again. */
    CANCEL(8),
    /** A client that receives calls anew, from elsewhere at times: Receive, options. */
    AGAIN(8),
    /** Ack: member, partition, options. */
    ACK(24);

    final int weight;

    Kind(int weight) {
      this.weight = weight;
    }
  }

  @Override
  public String toString() {
    return kind + " " + a + " " + b + " " + c;
  }

  static Op parse(String text) {
    var parts = text.strip().split(" ", -1);
    return new Op(
        Kind.valueOf(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]));
  }
}
