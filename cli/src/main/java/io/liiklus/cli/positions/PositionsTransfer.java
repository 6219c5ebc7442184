package io.liiklus.cli.positions;

import io.liiklus.cli.CliException;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsDifference.Kind;

/**
 * Brings positions into a storage, or prints what that would change. Confined to the command.
 *
 * <p>Positions that the storage has and that are not wanted are left alone. Where one would go back
 * nothing is written at all, unless that is asked for: a group that runs there may be ahead of what
 * is brought.
 */
final class PositionsTransfer {

  private final Terminal terminal;
  private final Patience patience;
  private final TransferOptions options;

  PositionsTransfer(Terminal terminal, Patience patience, TransferOptions options) {
    this.terminal = terminal;
    this.patience = patience;
    this.options = options;
  }

  void run(PositionsSet wanted, PositionsStorages.Opened target) throws InterruptedException {
    var all = options.isDryRun() ? patience.readAllOrNone(target) : patience.readAll(target);
    var there = PositionsSet.of(all, options.selection()::contains);
    var difference = PositionsDifference.of(wanted, there);
    if (options.isDryRun()) {
      difference.print(terminal.out());
      terminal.out().flush();
      terminal.say("nothing was written to " + target.type() + ": " + difference.summary());
      return;
    }
    requireNoneBack(difference, target.type());
    new PositionsWriter(target, patience).write(difference.batches(PositionsWriter.MAX_POSITIONS));
    int written =
        difference.count(Kind.NEW) + difference.count(Kind.FORWARD) + difference.count(Kind.BACK);
    terminal.say(
        "wrote %d %s to %s: %s"
            .formatted(
                written,
                written == 1 ? "position" : "positions",
                target.type(),
                difference.summary()));
  }

  private void requireNoneBack(PositionsDifference difference, String type) {
    int back = difference.count(Kind.BACK);
    if (back == 0 || options.isOverwriting()) {
      return;
    }
    var first = difference.first(Kind.BACK);
    throw new CliException(
        ("nothing was written: %d positions of %s would go back, the first of topic %s, group %s,"
                + " version %d, partition %d from %d to %d; stop the gateways that use it and give"
                + " --overwrite, or leave groups out by --topic and --group; --dry-run shows all")
            .formatted(
                back,
                type,
                first.key().topic(),
                first.key().group().name(),
                first.key().group().version(),
                first.partition(),
                first.from(),
                first.to()));
  }
}
