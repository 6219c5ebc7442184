package io.liiklus.cli.positions;

import io.liiklus.cli.Terminal;
import io.liiklus.cli.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands of {@code positions}. Confined to the thread that runs it. */
@Command(
    name = "positions",
    description = {
      "Takes positions out of a positions storage, and into one. Talks to the storages, not to a"
          + " gateway: settings come from the gateway's file, the environment and -D in JAVA_OPTS.",
      "Stop the gateways, or leave the groups idle, while their positions are copied: what a group"
          + " stores meanwhile may be missed, or set back."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class PositionsCommand implements Runnable {

  /** How a command ends whose settings are refused, as the gateway does. */
  static final int BAD_SETTINGS = 2;

  @Spec private CommandSpec spec;

  private PositionsCommand() {}

  /** The command with its subcommands. */
  public static CommandLine of(Terminal terminal, PositionsStorages storages) {
    return new CommandLine(new PositionsCommand())
        .addSubcommand(new ExportCommand(terminal, storages))
        .addSubcommand(new ImportCommand(terminal, storages))
        .addSubcommand(new CopyCommand(terminal, storages));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: export, import or copy");
  }
}
