package io.liiklus.cli.positions;

import io.liiklus.cli.Terminal;
import io.liiklus.cli.Version;
import io.liiklus.cli.positions.PositionsStorages.Source;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class CopyCommand implements Callable<Integer> {

  private static final String OF_ITS_OWN =
      " Of this storage alone; the environment and -D do not count for it then.";

  private final Terminal terminal;
  private final PositionsStorages storages;

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
      names = "--config",
      paramLabel = "FILE",
      description = "The gateway's file of settings. Default: conf/liiklus.conf")
  private String config;

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
    this.terminal = terminal;
    this.storages = storages;
  }

  @Override
  public Integer call() throws InterruptedException {
    var source = source(from, fromConfig);
    var target = source(to, toConfig);
    if (from.equalsIgnoreCase(to) && source.config().equals(target.config())) {
      throw new ParameterException(
          spec.commandLine(),
          "--from and --to name one storage; --from-config or --to-config names another");
    }
    var patience = new Patience(terminal);
    return new StorageRun(terminal, storages)
        .run(
            List.of(source, target),
            opened -> {
              var read = opened.get(0);
              var all = patience.readAll(read);
              var positions = PositionsSet.of(all, options.selection()::contains);
              new PositionsTransfer(terminal, patience, options).run(positions, opened.get(1));
            });
  }

  private Source source(String type, String own) {
    boolean hasOwn = own != null;
    return new Source(Optional.of(type), Optional.ofNullable(hasOwn ? own : config), hasOwn);
  }
}
