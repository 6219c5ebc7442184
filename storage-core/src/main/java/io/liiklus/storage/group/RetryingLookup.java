package io.liiklus.storage.group;

import io.liiklus.api.StorageException;
import io.liiklus.storage.read.Commands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Requests for what some partitions need to go on, asked again where a failure heals. Confined to
 * the loop of the subscription, to which answers come back.
 *
 * <p>An answer counts only for partitions that are still held, in the same assignment, by then.
 */
final class RetryingLookup {

  private final Commands commands;
  private final Predicate<AssignedPartition> isHeld;
  private final Duration retry;

  /**
   * @param retry how long to wait before asking again
   */
  RetryingLookup(Commands commands, Predicate<AssignedPartition> isHeld, Duration retry) {
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
                      requireHealing(StorageException.of(failure));
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
    return switch (failure.kind()) {
      // The partitions of a topic that is being deleted are soon taken away.
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
