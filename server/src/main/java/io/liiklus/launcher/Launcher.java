package io.liiklus.launcher;

import io.liiklus.cli.LiiklusCli;
import io.liiklus.cli.positions.PositionsCommand;
import io.liiklus.cli.records.RecordsCommand;
import io.liiklus.server.Main;
import io.liiklus.server.settings.CommandLine;
import io.liiklus.server.settings.PluginFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Entry of {@code java -jar liiklus.jar}: the client where the first argument is one of its
 * commands, else the gateway. The start script chooses by itself, since each has JVM options of its
 * own. Immutable.
 */
public final class Launcher {

  private static final String DATA_PROPERTY = "liiklus.data";
  private static final String HOME_PROPERTY = "liiklus.home";
  private static final String LOG_FILE = "logback.configurationFile";

  /** On the class path: standard output is the command's. */
  private static final String LOG_OF_COMMANDS = "logback-commands.xml";

  private Launcher() {}

  public static void main(String[] arguments) throws InterruptedException {
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "publish", "receive" -> LiiklusCli.main(arguments);
      case "positions" -> positions(arguments);
      case "records" -> records(arguments);
      case "plugins" -> plugins(arguments);
      default -> Main.main(arguments);
    }
  }

  private static void records(String[] arguments) {
    chooseLog();
    var storages = new ConfiguredRecords(System.getenv(), systemProperties());
    LiiklusCli.main(
        arguments, terminal -> List.of(RecordsCommand.of(terminal, storages, dataFolder())));
  }

  /** Where the embedded database is too. */
  private static Path dataFolder() {
    var data = System.getProperty(DATA_PROPERTY, "");
    return data.isEmpty() ? Path.of(System.getProperty(HOME_PROPERTY, ""), "data") : Path.of(data);
  }

  private static void chooseLog() {
    if (System.getProperty(LOG_FILE) == null) {
      System.setProperty(LOG_FILE, LOG_OF_COMMANDS);
    }
  }

  private static void positions(String[] arguments) {
    chooseLog();
    var storages = new ConfiguredPositions(System.getenv(), systemProperties());
    LiiklusCli.main(arguments, terminal -> List.of(PositionsCommand.of(terminal, storages)));
  }

  private static void plugins(String[] arguments) {
    chooseLog();
    LiiklusCli.main(
        arguments, terminal -> List.of(PluginsCommand.of(terminal, Launcher::pluginFolder)));
  }

  private static PluginFolder pluginFolder(Optional<String> config) {
    var named = config.map(file -> new String[] {"--config=" + file}).orElse(new String[0]);
    return PluginFolder.load(CommandLine.parse(named), System.getenv(), systemProperties());
  }

  private static Map<String, String> systemProperties() {
    var properties = new HashMap<String, String>();
    var all = System.getProperties();
    all.stringPropertyNames().forEach(name -> properties.put(name, all.getProperty(name)));
    return properties;
  }
}
