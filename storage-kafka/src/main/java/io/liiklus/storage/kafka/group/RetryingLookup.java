package io.liiklus.storage.kafka.group;

import io.liiklus.api.StorageException;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.read.CommandQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Asks for what is needed to go on with some partitions, beside the loop: what is told elsewhere
 * comes back to the loop, and failures that heal are asked again. Confined to the loop.
 *
 * <p>An answer counts for those partitions only that are still held, in the same assignment, by
 * then.
 */
final class RetryingLookup {

  private final CommandQueue commands;
  private final Predicate<AssignedPartition> isHeld;
  private final Duration retry;

  /**
   * @param retry how long to wait before asking again
   */
  RetryingLookup(CommandQueue commands, Predicate<AssignedPartition> isHeld, Duration retry) {
    this.commands = commands;
    this.isHeld = isHeld;
    this.retry = retry;
  }

  <T> void ask(
      List<AssignedPartition> wanted,
      Function<List<AssignedPartition>, CompletionStage<T>> request,
      BiConsumer<List<AssignedPartition>, T> onFound) {
    var held = stillHeld(wanted);
    if (held.isEmpty()) {
      return;
    }
    request
        .apply(held)
        .whenComplete(
            (found, failure) ->
                commands.post(
                    () -> {
                      if (failure == null) {
                        onFound.accept(stillHeld(held), found);
                        return;
                      }
                      requireHealing(KafkaFailures.of(failure));
                      askEach(held, request, onFound);
                    }));
  }

  /** One by one from now on: a partition without a leader holds back no other. */
  private <T> void askEach(
      List<AssignedPartition> held,
      Function<List<AssignedPartition>, CompletionStage<T>> request,
      BiConsumer<List<AssignedPartition>, T> onFound) {
    for (var partition : held) {
      commands.postDelayed(retry.toNanos(), () -> ask(List.of(partition), request, onFound));
    }
  }

  static boolean isHealing(StorageException failure) {
    return switch (KafkaFailures.waitedOut(failure).kind()) {
      // A topic that is being deleted is gone for the group soon, by a rebalance.
      case UNAVAILABLE, EXHAUSTED, UNKNOWN_TOPIC -> true;
      default -> false;
    };
  }

  private static void requireHealing(StorageException failure) {
    if (!isHealing(failure)) {
      throw failure;
    }
  }

  private List<AssignedPartition> stillHeld(List<AssignedPartition> wanted) {
    return wanted.stream().filter(isHeld).toList();
  }
}
