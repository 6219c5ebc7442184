package io.liiklus.cli.positions;

import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsStorages.Opened;
import io.liiklus.cli.positions.PositionsStorages.RefusedException;
import io.liiklus.cli.positions.PositionsStorages.Source;
import java.util.ArrayList;
import java.util.List;

/** Opens storages for a command, and closes them. Confined to it. */
final class StorageRun {

  /** What is done with the storages, in the order in which they were named. */
  interface Work {
    void run(List<Opened> opened) throws InterruptedException;
  }

  private final Terminal terminal;
  private final PositionsStorages storages;

  StorageRun(Terminal terminal, PositionsStorages storages) {
    this.terminal = terminal;
    this.storages = storages;
  }

  /** Returns the exit code. */
  int run(List<Source> sources, Work work) throws InterruptedException {
    var opened = new ArrayList<Opened>();
    try {
      for (var source : sources) {
        opened.add(storages.open(source));
      }
      work.run(opened);
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
