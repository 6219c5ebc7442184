package io.liiklus.cli.positions;

import io.liiklus.cli.CliException;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.Version;
import io.liiklus.cli.positions.PositionsStorages.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the positions of a storage as JSON lines. Confined to the thread that runs it. */
@Command(
    name = "export",
    description = {
      "Prints the positions of a storage as JSON lines: first what the file is, then a line for"
          + " each topic, group and version with the last acknowledged offset by partition."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class ExportCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final PositionsStorages storages;

  @Option(
      names = "--from",
      paramLabel = "TYPE",
      description = "The storage, as REDIS. Default: the one that the gateway would use.")
  private String from;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The gateway's file of settings. Default: conf/liiklus.conf")
  private String config;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Writes this file instead of standard output, whole or not at all.")
  private Path output;

  @Mixin private Selection selection;

  ExportCommand(Terminal terminal, PositionsStorages storages) {
    this.terminal = terminal;
    this.storages = storages;
  }

  @Override
  public Integer call() throws InterruptedException {
    var patience = new Patience(terminal);
    var source = new Source(Optional.ofNullable(from), Optional.ofNullable(config), false);
    return new StorageRun(terminal, storages)
        .run(
            List.of(source),
            opened -> {
              var storage = opened.get(0);
              var all = patience.readAll(storage);
              var positions = PositionsSet.of(all, selection::contains);
              write(positions);
              terminal.say(
                  "exported %d positions of %d group versions from %s"
                      .formatted(positions.count(), positions.groups().size(), storage.type()));
            });
  }

  private void write(PositionsSet positions) {
    if (output != null) {
      writeFile(positions);
      return;
    }
    PositionsFile.write(positions, terminal.out());
    if (terminal.out().checkError()) {
      throw new CliException("standard output cannot be written");
    }
  }

  /** Under another name first: half an export would be taken for a whole one. */
  private void writeFile(PositionsSet positions) {
    var part = output.resolveSibling(output.getFileName() + ".part");
    try {
      try (var out = new BufferedOutputStream(Files.newOutputStream(part))) {
        PositionsFile.write(positions, out);
      }
      Files.move(part, output, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UncheckedIOException failure) {
      throw new CliException("--output: " + output + " cannot be written: " + failure.getMessage());
    }
  }
}
