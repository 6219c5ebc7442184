package io.liiklus.cli.positions;

import io.liiklus.api.GroupPositions;
import io.liiklus.cli.CliException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;

/**
 * Writes positions in batches, a few at a time. The first failure ends it: what is on its way is
 * waited for, nothing more is written. Confined to the command.
 */
final class PositionsWriter {

  /** Positions of one write. */
  static final int MAX_POSITIONS = 256;

  /** Writes on their way at a time. */
  static final int MAX_IN_FLIGHT = 16;

  private record InFlight(int positions, CompletionStage<Void> stored) {}

  private final PositionsStorages.Opened target;
  private final Patience patience;
  private final Queue<InFlight> inFlight = new ArrayDeque<>();
  private int written;
  private CliException failure;

  PositionsWriter(PositionsStorages.Opened target, Patience patience) {
    this.target = target;
    this.patience = patience;
  }

  /**
   * Writes all.
   *
   * @throws CliException where not all of it is stored, saying how much is
   */
  void write(List<GroupPositions> batches) throws InterruptedException {
    int all = batches.stream().mapToInt(batch -> batch.offsets().size()).sum();
    for (var batch : batches) {
      if (inFlight.size() == MAX_IN_FLIGHT) {
        awaitOldest();
      }
      if (failure == null && patience.isInterrupted()) {
        failure = new CliException("interrupted");
      }
      if (failure != null) {
        break;
      }
      inFlight.add(new InFlight(batch.offsets().size(), target.storage().store(batch)));
    }
    while (!inFlight.isEmpty()) {
      awaitOldest();
    }
    if (failure != null) {
      throw new CliException(
          "%s (%d of %d positions were written; run it again to write the rest)"
              .formatted(failure.getMessage(), written, all));
    }
  }

  private void awaitOldest() throws InterruptedException {
    var oldest = inFlight.remove();
    try {
      patience.awaitAnswer(oldest.stored(), Patience.WRITE, target.name());
      written += oldest.positions();
    } catch (CliException notStored) {
      failure = failure == null ? notStored : failure;
    }
  }
}
