package io.liiklus.cli.positions;

import io.liiklus.cli.Terminal;
import io.liiklus.cli.Version;
import io.liiklus.cli.positions.PositionsStorages.Opened;
import io.liiklus.cli.positions.PositionsStorages.RefusedException;
import io.liiklus.cli.positions.PositionsStorages.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Command that opens storages of positions, and closes them when it is done. Confined to the thread
 * that runs it.
 */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
abstract class StorageCommand implements Callable<Integer> {

  /** Behind the options of the command itself. */
  private static final int LAST = 1;

  final Terminal terminal;
  final Patience patience;
  private final PositionsStorages storages;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      order = LAST,
      description = "The gateway's file of settings. Default: conf/liiklus.conf")
  private String config;

  StorageCommand(Terminal terminal, PositionsStorages storages) {
    this.terminal = terminal;
    this.patience = new Patience(terminal);
    this.storages = storages;
  }

  /**
   * A storage by the gateway's settings.
   *
   * @param type null: the one that the gateway would use
   * @param isReadOnly whether nothing is written
   */
  final Source source(StorageRole role, String type, boolean isReadOnly) {
    return new Source(
        role, Optional.ofNullable(type), Optional.ofNullable(config), false, isReadOnly);
  }

  /** The storages to open, in the order in which they are then given to {@link #run}. */
  abstract List<Source> sources() throws InterruptedException;

  abstract void run(List<Opened> opened) throws InterruptedException;

  @Override
  public final Integer call() throws InterruptedException {
    var opened = new ArrayList<Opened>();
    try {
      for (var source : sources()) {
        opened.add(storages.open(source));
      }
      run(opened);
      return 0;
    } catch (RefusedException refused) {
      refused.problems().forEach(terminal::say);
      return PositionsCommand.BAD_SETTINGS;
    } finally {
      for (int i = opened.size() - 1; i >= 0; i--) {
        opened.get(i).close();
      }
    }
  }
}
