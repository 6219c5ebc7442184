package io.liiklus.cli.positions;

import io.liiklus.cli.CliException;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsDifference.Kind;
import java.util.function.Predicate;

/**
 * Brings positions into a storage, or prints what that would change. Confined to the command.
 *
 * <p>Positions that the storage has and that are not wanted are left alone. Where one would go back
 * nothing is written at all, unless that is asked for: a group that runs there may be ahead of what
 * is brought.
 */
public final class PositionsTransfer {

  /** Of a target without a place for positions, where nothing is to be written. */
  private static final String TO_CREATE =
      "has no positions so far; what holds them would be created";

  private final Terminal terminal;
  private final Patience patience;
  private final Predicate<TopicGroup> isSelected;
  private final Mode mode;

  /** What may be written. */
  public enum Mode {
    DRY_RUN,
    FORWARD_ONLY,
    OVERWRITE
  }

  /**
   * @param isSelected positions of others are not looked at
   */
  public PositionsTransfer(
      Terminal terminal, Patience patience, Predicate<TopicGroup> isSelected, Mode mode) {
    this.terminal = terminal;
    this.patience = patience;
    this.isSelected = isSelected;
    this.mode = mode;
  }

  public void run(PositionsSet wanted, PositionsStorages.Opened target)
      throws InterruptedException {
    boolean isDryRun = mode == Mode.DRY_RUN;
    var all = isDryRun ? patience.readAllOrNone(target, TO_CREATE) : patience.readAll(target);
    var there = PositionsSet.of(all, isSelected);
    var difference = PositionsDifference.of(wanted, there);
    if (isDryRun) {
      difference.print(terminal.out());
      terminal.out().flush();
      terminal.say("nothing was written to " + target.name() + ": " + difference.summary());
      return;
    }
    requireNoneBack(difference, target.name());
    new PositionsWriter(target, patience).write(difference.batches(PositionsWriter.MAX_POSITIONS));
    int written =
        difference.count(Kind.NEW) + difference.count(Kind.FORWARD) + difference.count(Kind.BACK);
    terminal.say(
        "wrote %d %s to %s: %s"
            .formatted(
                written,
                written == 1 ? "position" : "positions",
                target.name(),
                difference.summary()));
  }

  private void requireNoneBack(PositionsDifference difference, String storage) {
    int back = difference.count(Kind.BACK);
    if (back == 0 || mode == Mode.OVERWRITE) {
      return;
    }
    var first = difference.first(Kind.BACK);
    throw new CliException(
        ("nothing was written: %d positions of %s would go back, the first of topic %s, group %s,"
                + " version %d, partition %d from %d to %d; stop the gateways that use it and give"
                + " --overwrite, or leave its topic or group out (see --help)")
            .formatted(
                back,
                storage,
                first.key().topic(),
                first.key().group().name(),
                first.key().group().version(),
                first.partition(),
                first.from(),
                first.to()));
  }
}
