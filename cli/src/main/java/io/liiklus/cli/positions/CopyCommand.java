package io.liiklus.cli.positions;

import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsStorages.Opened;
import io.liiklus.cli.positions.PositionsStorages.Source;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  private static final String OF_ITS_OWN =
      " Of this storage alone; the environment and -D do not count for it then.";

  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "TYPE",
      required = true,
      description = "The storage to read, as REDIS.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "TYPE",
      required = true,
      description = "The storage to write.")
  private String to;

  @Option(
      names = "--from-config",
      paramLabel = "FILE",
      description = "Settings of the storage to read." + OF_ITS_OWN)
  private String fromConfig;

  @Option(
      names = "--to-config",
      paramLabel = "FILE",
      description = "Settings of the storage to write." + OF_ITS_OWN)
  private String toConfig;

  @Mixin private TransferOptions options;

  CopyCommand(Terminal terminal, PositionsStorages storages) {
    super(terminal, storages);
  }

  @Override
  List<Source> sources() {
    var source = source(from, fromConfig, true);
    var target = source(to, toConfig, options.isDryRun());
    if (from.equalsIgnoreCase(to) && source.config().equals(target.config())) {
      throw new ParameterException(
          spec.commandLine(),
          "--from and --to name one storage; --from-config or --to-config names another");
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

  private Source source(String type, String own, boolean isReadOnly) {
    return own == null
        ? source(type, isReadOnly)
        : new Source(Optional.of(type), Optional.of(own), true, isReadOnly);
  }
}
