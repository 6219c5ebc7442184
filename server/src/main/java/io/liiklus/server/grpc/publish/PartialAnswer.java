package io.liiklus.server.grpc.publish;

import io.grpc.Status;
import java.util.concurrent.CompletionStage;

/**
 * An answer that knows more than that time is up: which of its parts are there, and what was not
 * even begun. Asked on the call's event loop.
 */
public interface PartialAnswer<A> extends CompletionStage<A> {

  /**
   * The answer as far as it is known. The stage need not complete any more.
   *
   * @param unknown what stands for each part that is not
   * @throws io.grpc.StatusRuntimeException where that is the end of the call
   */
  A giveUp(Status unknown);

  /** The caller has gone: what was not begun is not done. */
  void cancel();
}
