package io.liiklus.server.grpc.publish;

import io.grpc.Status;
import java.util.concurrent.CompletionStage;

/**
 * Answer that can return its known parts when its time is up, and the parts that were never begun.
 * Confined to the call's event loop.
 */
public interface PartialAnswer<A> extends CompletionStage<A> {

  /**
   * The answer as far as it is known. The stage need not complete any more.
   *
   * @param unknown the status of each part without an answer
   * @throws io.grpc.StatusRuntimeException with that status, where it is the end of the call
   */
  A giveUp(Status unknown);

  /** The caller has gone: parts that were not begun are withdrawn. */
  void cancel();
}
