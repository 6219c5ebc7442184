package io.liiklus.server.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.cli.LiiklusCli;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsCommand;
import io.liiklus.cli.records.RecordsCommand;
import io.liiklus.launcher.ConfiguredPositions;
import io.liiklus.launcher.ConfiguredRecords;
import io.liiklus.launcher.Launcher;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.SharedPostgres;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * {@code records copy} of one topic out of a database, and what it says. Confined to the test, but
 * that a copy may run on another thread.
 */
public final class RecordsCopy {

  /** Members that join and leave at once: the copy of a topic waits for no other one. */
  private static final String GROUPS = "groups { interval = 100 ms, sessionTimeout = 6 s }";

  private final Path folder;
  private final String topic = "copied-" + UUID.randomUUID();
  private final String positionsTopic = "positions-" + UUID.randomUUID();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Void> interruption = new CompletableFuture<>();
  private final Path database;
  private Path from;

  /**
   * @param folder for the database of the source, and for files of settings
   */
  public RecordsCopy(Path folder) throws IOException {
    this.folder = folder;
    this.database = folder.resolve("source.db");
    this.from = sqlite(database);
  }

  public String topic() {
    return topic;
  }

  /** The embedded file that is the source at first. */
  public Path database() {
    return database;
  }

  /** The settings of the source. */
  public Path from() {
    return from;
  }

  public void setFrom(Path settings) {
    from = settings;
  }

  /** The topic in the source. */
  public CopiedTopic source() {
    return in("SQL", from);
  }

  public CopiedTopic in(String type, Path settings) {
    return new CopiedTopic(type, settings, topic);
  }

  public Path settings(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name + "-" + UUID.randomUUID() + ".conf"), text);
  }

  public Path sqlite(Path file) throws IOException {
    return settings("sqlite", "sql { url = \"jdbc:sqlite:%s\", %s }".formatted(file, GROUPS));
  }

  /** With a topic of positions for this copy alone. */
  public Path kafka(String servers) throws IOException {
    return settings(
        "kafka",
        "kafka { bootstrapServers = \"%s\", positions.topic = \"%s\" }"
            .formatted(servers, positionsTopic));
  }

  public String positionsTopic() {
    return positionsTopic;
  }

  /** A database that has nothing yet, and its name. */
  public record NewDatabase(String name, Path settings) {}

  public NewDatabase postgres() throws IOException {
    var server = SharedPostgres.server();
    var name = "copy_" + UUID.randomUUID().toString().replace("-", "");
    server.createDatabase(name);
    var text =
        "sql { url = \"%s\", user = \"%s\", password = \"%s\", %s }"
            .formatted(server.url(name), PostgresServer.USER, PostgresServer.PASSWORD, GROUPS);
    return new NewDatabase(name, settings("postgres", text));
  }

  /** One for each source. */
  public Path progress() {
    return folder.resolve(from.getFileName() + ".progress");
  }

  private List<String> arguments(String to, Path toSettings, String... options) {
    var arguments = new ArrayList<>(List.of("records", "copy", "--from", "SQL", "--to", to));
    arguments.addAll(List.of("--from-config", from.toString()));
    arguments.addAll(List.of("--to-config", toSettings.toString()));
    arguments.addAll(List.of("--progress", progress().toString()));
    arguments.addAll(List.of(options));
    return arguments;
  }

  /** Returns the exit code. */
  public int run(String to, Path toSettings, String... options) {
    return run(arguments(to, toSettings, options));
  }

  /** The same with all arguments, of any command. */
  public int run(List<String> arguments) {
    out.reset();
    err.reset();
    var terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            interruption);
    var records = new ConfiguredRecords(Map.of(), Map.of());
    var positions = new ConfiguredPositions(Map.of(), Map.of());
    return LiiklusCli.run(
        arguments.toArray(String[]::new),
        terminal,
        List.of(
            RecordsCommand.of(terminal, records, folder),
            PositionsCommand.of(terminal, positions)));
  }

  /** The same in a process of its own. */
  public Process launch(String to, Path toSettings) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Launcher.class.getName());
    command.addAll(arguments(to, toSettings));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("copy.log").toFile())
        .start();
  }

  /** As a signal does. */
  public void interrupt() {
    interruption.complete(null);
  }

  public String out() {
    return out.toString(UTF_8);
  }

  public String err() {
    return err.toString(UTF_8);
  }
}
