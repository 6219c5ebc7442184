package io.liiklus.launcher;

import io.liiklus.cli.LiiklusCli;
import io.liiklus.server.Main;

/**
 * Entry of {@code java -jar liiklus.jar}: the client where the first argument is one of its
 * commands, else the gateway. The start script chooses by itself, since each has JVM options of its
 * own. Immutable.
 */
public final class Launcher {

  private Launcher() {}

  public static void main(String[] arguments) throws InterruptedException {
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "publish", "receive" -> LiiklusCli.main(arguments);
      default -> Main.main(arguments);
    }
  }
}
