package io.liiklus.server.grpc;

import io.grpc.Status;
import java.util.concurrent.CompletionStage;

/** An answer of many parts, of which those that are known count when time is up. */
interface PartialAnswer<A> extends CompletionStage<A> {

  /**
   * The answer as far as it is known; called on the call's event loop. The stage need not complete
   * any more.
   *
   * @param unknown what stands for each part that is not
   */
  A giveUp(Status unknown);
}
