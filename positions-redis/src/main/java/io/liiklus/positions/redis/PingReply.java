package io.liiklus.positions.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;

/**
 * What a master said to a PING. Immutable.
 *
 * @param failure null where it answered as it should
 */
record PingReply(Throwable failure) {

  /** It was sent and nothing came back: the peer hangs, or died without a word. */
  private boolean isSilence() {
    return RedisFailures.isTimeout(failure);
  }

  /** An error is an answer too. */
  private boolean isAnswer() {
    return failure == null
        || RedisFailures.unwrapped(failure) instanceof RedisCommandExecutionException;
  }

  /**
   * Whether the connections are to be opened anew. One that is merely closed is not a reason while
   * others answer: a link to a cluster opens it again by itself.
   */
  static boolean callForNewLink(List<PingReply> replies) {
    return replies.stream().anyMatch(PingReply::isSilence)
        || replies.stream().noneMatch(PingReply::isAnswer);
  }
}
