package io.liiklus.cli.positions;

import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsStorages.Opened;
import io.liiklus.cli.positions.PositionsStorages.Source;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes the positions of one storage into another. Confined to the thread that runs it. */
@Command(
    name = "copy",
    description = {
      "Writes the positions of one storage into another. What is there already is not written"
          + " again, so a copy that was interrupted goes on when it is run again.",
      "Stop the gateways that use either storage, or leave the groups idle, meanwhile."
    })
final class CopyCommand extends StorageCommand {

  @Spec private CommandSpec spec;

  @Mixin private StoragePair pair;

  @Mixin private TransferOptions options;

  CopyCommand(Terminal terminal, PositionsStorages storages) {
    super(terminal, storages);
  }

  @Override
  List<Source> sources() {
    var source = source(StorageRole.SOURCE, true);
    var target = source(StorageRole.TARGET, options.isDryRun());
    if (pair.isOfOneType() && source.config().equals(target.config())) {
      throw new ParameterException(spec.commandLine(), StoragePair.SAME);
    }
    return List.of(source, target);
  }

  @Override
  void run(List<Opened> opened) throws InterruptedException {
    var all = patience.readAll(opened.get(0));
    var positions = PositionsSet.of(all, options.selection()::contains);
    new PositionsTransfer(terminal, patience, options.selection()::contains, options.mode())
        .run(positions, opened.get(1));
  }

  private Source source(StorageRole role, boolean isReadOnly) {
    var type = pair.type(role);
    var own = pair.config(role);
    return own.isEmpty()
        ? source(role, type, isReadOnly)
        : new Source(role, Optional.of(type), own, true, isReadOnly);
  }
}
