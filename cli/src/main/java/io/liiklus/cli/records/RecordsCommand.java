package io.liiklus.cli.records;

import io.liiklus.cli.Terminal;
import io.liiklus.cli.Version;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands of {@code records}. Confined to the thread that runs it. */
@Command(
    name = "records",
    description = {
      "Copies records of one storage into another. Talks to the storages, not to a gateway:"
          + " settings come from the gateway's file, the environment and -D in JAVA_OPTS."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class RecordsCommand implements Runnable {

  @Spec private CommandSpec spec;

  private RecordsCommand() {}

  /**
   * The command with its subcommands.
   *
   * @param folder of the files that say how far a copy has come
   */
  public static CommandLine of(Terminal terminal, RecordsStorages storages, Path folder) {
    return new CommandLine(new RecordsCommand())
        .addSubcommand(new RecordsCopyCommand(terminal, storages, folder));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: copy");
  }
}
