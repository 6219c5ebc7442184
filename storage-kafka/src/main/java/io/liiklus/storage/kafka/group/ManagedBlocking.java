package io.liiklus.storage.kafka.group;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Waiting within a turn while another thread takes over the turns of other members: the JDK's
 * managed blocking. Thread-safe.
 */
interface ManagedBlocking {

  void await(CompletableFuture<?> awaited, Duration longest)
      throws InterruptedException, ExecutionException, TimeoutException;
}
