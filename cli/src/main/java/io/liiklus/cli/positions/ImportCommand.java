package io.liiklus.cli.positions;

import io.liiklus.api.FileFailures;
import io.liiklus.cli.CliException;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsStorages.Opened;
import io.liiklus.cli.positions.PositionsStorages.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the positions of JSON lines into a storage. Confined to the thread that runs it. */
@Command(
    name = "import",
    description = {
      "Writes what export printed into a storage. A line that is not right is named, with its"
          + " field, and nothing is written then.",
      "Stop the gateways that use the storage, or leave the groups idle, meanwhile."
    })
final class ImportCommand extends StorageCommand {

  private static final String STANDARD_INPUT = "-";

  @Parameters(index = "0", paramLabel = "FILE", description = "The file; - for standard input.")
  private String file;

  @Option(
      names = "--to",
      paramLabel = "TYPE",
      required = true,
      description = "The storage, as REDIS.")
  private String to;

  @Mixin private TransferOptions options;

  private PositionsSet positions;

  ImportCommand(Terminal terminal, PositionsStorages storages) {
    super(terminal, storages);
  }

  /** Read first: where a line is not right, no storage is opened. */
  @Override
  List<Source> sources() throws InterruptedException {
    positions = read();
    return List.of(source(StorageRole.IMPORTED, to, options.isDryRun()));
  }

  @Override
  void run(List<Opened> opened) throws InterruptedException {
    new PositionsTransfer(terminal, patience, options.selection()::contains, options.mode())
        .run(positions, opened.get(0));
  }

  private PositionsSet read() throws InterruptedException {
    if (STANDARD_INPUT.equals(file)) {
      return readStandardInput();
    }
    try (var in = Files.newInputStream(Path.of(file))) {
      return PositionsFile.read(in, file, options.selection()::contains);
    } catch (IOException failure) {
      throw new CliException(file + " cannot be read: " + FileFailures.text(failure));
    }
  }

  /** In a thread of its own, as a read of standard input cannot be ended from outside. */
  private PositionsSet readStandardInput() throws InterruptedException {
    var read = new CompletableFuture<PositionsSet>();
    var reader =
        new Thread(
            () -> {
              try {
                var isSelected = options.selection();
                read.complete(
                    PositionsFile.read(terminal.in(), "standard input", isSelected::contains));
              } catch (RuntimeException refused) {
                read.completeExceptionally(refused);
              }
            },
            "liiklus-cli-stdin");
    reader.setDaemon(true);
    reader.start();
    try {
      CompletableFuture.anyOf(read, terminal.interruption()).get();
      if (!read.isDone()) {
        throw new CliException("interrupted");
      }
      return read.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof CliException refused
          ? refused
          : new IllegalStateException(failed.getCause());
    }
  }
}
