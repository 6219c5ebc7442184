package io.liiklus.launcher;

import io.liiklus.cli.LiiklusCli;
import io.liiklus.cli.positions.PositionsCommand;
import io.liiklus.server.Main;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Entry of {@code java -jar liiklus.jar}: the client where the first argument is one of its
 * commands, else the gateway. The start script chooses by itself, since each has JVM options of its
 * own. Immutable.
 */
public final class Launcher {

  private static final String LOG_FILE = "logback.configurationFile";

  /** On the class path: standard output is the command's. */
  private static final String LOG_OF_COMMANDS = "logback-commands.xml";

  private Launcher() {}

  public static void main(String[] arguments) throws InterruptedException {
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "publish", "receive" -> LiiklusCli.main(arguments);
      case "positions" -> positions(arguments);
      default -> Main.main(arguments);
    }
  }

  private static void positions(String[] arguments) {
    if (System.getProperty(LOG_FILE) == null) {
      System.setProperty(LOG_FILE, LOG_OF_COMMANDS);
    }
    var storages = new ConfiguredPositions(System.getenv(), systemProperties());
    LiiklusCli.main(arguments, terminal -> List.of(PositionsCommand.of(terminal, storages)));
  }

  private static Map<String, String> systemProperties() {
    var properties = new HashMap<String, String>();
    var all = System.getProperties();
    all.stringPropertyNames().forEach(name -> properties.put(name, all.getProperty(name)));
    return properties;
  }
}
