package io.liiklus.cli.positions;

import io.liiklus.cli.CliException;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsStorages.Opened;
import io.liiklus.cli.positions.PositionsStorages.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the positions of a storage as JSON lines. Confined to the thread that runs it. */
@Command(
    name = "export",
    description = {
      "Prints the positions of a storage as JSON lines: first what the file is, then a line for"
          + " each topic, group and version with the last acknowledged offset by partition."
    })
final class ExportCommand extends StorageCommand {

  @Option(
      names = "--from",
      paramLabel = "TYPE",
      description = "The storage, as REDIS. Default: the one that the gateway would use.")
  private String from;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Writes this file instead of standard output, whole or not at all.")
  private Path output;

  @Mixin private Selection selection;

  ExportCommand(Terminal terminal, PositionsStorages storages) {
    super(terminal, storages);
  }

  @Override
  List<Source> sources() {
    return List.of(source(StorageRole.EXPORTED, from, true));
  }

  @Override
  void run(List<Opened> opened) throws InterruptedException {
    var storage = opened.get(0);
    var positions = PositionsSet.of(patience.readAll(storage), selection::contains);
    write(positions);
    terminal.say(
        "exported %d positions of %d group versions from %s"
            .formatted(positions.count(), positions.groups().size(), storage.name()));
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
