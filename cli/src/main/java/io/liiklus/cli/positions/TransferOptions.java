package io.liiklus.cli.positions;

import io.liiklus.cli.positions.PositionsTransfer.Mode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of what is brought into a storage. Confined to the thread that parses, then on. */
final class TransferOptions {

  @Mixin private Selection selection;

  @Option(
      names = "--dry-run",
      description = {
        "Writes nothing, and prints what would change: new, forward, back or only there, then topic,"
            + " group, version, partition, the offset before and after, with tabs between them."
      })
  private boolean isDryRun;

  @Option(
      names = "--overwrite",
      description = {
        "Sets positions back too. Without it nothing is written where one would go back."
      })
  private boolean isOverwriting;

  Selection selection() {
    return selection;
  }

  boolean isDryRun() {
    return isDryRun;
  }

  Mode mode() {
    if (isDryRun) {
      return Mode.DRY_RUN;
    }
    return isOverwriting ? Mode.OVERWRITE : Mode.FORWARD_ONLY;
  }
}
