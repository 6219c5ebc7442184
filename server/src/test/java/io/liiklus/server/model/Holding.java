package io.liiklus.server.model;

/** A partition as a session holds it, from its assignment until it is taken away. */
final class Holding {

  final int partition;
  final long startOffset;

  /** Behind which stored position the session goes on; null where nothing was stored. */
  final Long resume;

  /** Which of the topics of this name it began in. */
  final int generation;

  /** Whether the topic was made anew while it was looked for where to begin. */
  final boolean isDoubtful;

  /** Whether that may be where a reset began, as a position of the same was stored meanwhile. */
  boolean isResumeUnsure;

  boolean isTaken;

  /** Whether the client was told of it. */
  boolean isTold;

  Holding(int partition, long startOffset, Long resume, int generation, boolean isDoubtful) {
    this.partition = partition;
    this.startOffset = startOffset;
    this.resume = resume;
    this.generation = generation;
    this.isDoubtful = isDoubtful;
  }

  boolean isOfNow(ModelTopic topic) {
    return topic.generation() == generation;
  }
}
