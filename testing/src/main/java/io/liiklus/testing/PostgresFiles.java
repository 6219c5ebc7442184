package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Data folders of PostgreSQL servers. Immutable. */
final class PostgresFiles {

  /** What belongs to a running server, and what its standby makes or fetches itself. */
  private static final Set<String> NOT_COPIED =
      Set.of("postmaster.pid", "postmaster.opts", "pg_internal.init");

  private static final Set<String> COPIED_EMPTY =
      Set.of("pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_snapshots", "pg_stat_tmp");

  private PostgresFiles() {}

  /** Makes the folder the data of a new server. */
  static void initialize(Path data) {
    new Copy(Holder.TEMPLATE, data, Set.of()).run();
  }

  /**
   * Copies the data of a server that runs and has been told that a backup begins.
   *
   * @param data becomes the folder of a standby that follows the server
   */
  static void copyToStandby(Path running, Path data) {
    new Copy(running, data, COPIED_EMPTY).run();
  }

  /** Adds settings of the server; a later one of a name wins. */
  static void addSettings(Path data, Map<String, String> settings) {
    var lines =
        settings.entrySet().stream()
            .map(setting -> setting.getKey() + " = '" + setting.getValue() + "'")
            .toList();
    write(data.resolve("postgresql.conf"), String.join("\n", lines) + "\n");
  }

  /** Appends to the file; makes it where there is none. */
  static void write(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Holder {
    static final Path TEMPLATE = template();

    /**
     * Its texts are sorted as people sort them, not by their bytes: what relies on the order of
     * bytes has to ask for it.
     */
    private static Path template() {
      var folder = ServerFolder.create("postgres-template");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> ServerFolder.delete(folder)));
      var password = folder.resolve("password");
      write(password, PostgresServer.PASSWORD);
      PostgresPrograms.handOver(folder);
      var data = folder.resolve("data");
      var owner = List.of("-U", PostgresServer.USER, "--pwfile", password.toString());
      var texts =
          List.of("-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US");
      var arguments = new ArrayList<>(List.of("-D", data.toString()));
      arguments.addAll(List.of("-A", "scram-sha-256", "--no-sync", "--no-instructions"));
      arguments.addAll(owner);
      arguments.addAll(texts);
      PostgresPrograms.run(folder, PostgresPrograms.command("initdb", arguments));
      return data;
    }
  }

  /** Copy of a folder in which files come and go meanwhile. */
  private static final class Copy extends SimpleFileVisitor<Path> {
    private final Path from;
    private final Path to;
    private final Set<String> emptied;

    Copy(Path from, Path to, Set<String> emptied) {
      this.from = from;
      this.to = to;
      this.emptied = emptied;
    }

    void run() {
      try {
        Files.walkFileTree(from, this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      // With its rights: the server refuses a folder that others may read.
      Files.copy(folder, target(folder), StandardCopyOption.COPY_ATTRIBUTES);
      return folder.getParent().equals(from) && emptied.contains(folder.getFileName().toString())
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!NOT_COPIED.contains(file.getFileName().toString())) {
        try {
          Files.copy(file, target(file), StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException e) {
          // Deleted by the server: the log of its changes says so.
        }
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    private Path target(Path source) {
      return to.resolve(from.relativize(source).toString());
    }
  }
}
