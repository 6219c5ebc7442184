package io.liiklus.positions.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;

/**
 * Answer of a master to a PING. Immutable.
 *
 * @param failure null where it answered as it should
 */
record PingReply(Throwable failure) {

  /** Whether no reply came: the peer hangs, or died silently. */
  private boolean isSilence() {
    return RedisFailures.isTimeout(failure);
  }

  /** An error is an answer too. */
  private boolean isAnswer() {
    return failure == null
        || RedisFailures.unwrapped(failure) instanceof RedisCommandExecutionException;
  }

  /**
   * Whether the connections are to be opened again. One that is merely closed is not a reason while
   * others answer: a connection to a cluster opens it again by itself.
   */
  static boolean callForNewLink(List<PingReply> replies) {
    return replies.stream().anyMatch(PingReply::isSilence)
        || replies.stream().noneMatch(PingReply::isAnswer);
  }
}
