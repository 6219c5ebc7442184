package io.liiklus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Description of the machine that the figures were measured on. Immutable. */
final class Machine {

  private Machine() {}

  /** Processors, their load before the run, and the Java. */
  static String description() {
    return "%d processors, load %s, Java %s, %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            load(),
            System.getProperty("java.version"),
            System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }

  private static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    } catch (IOException unknown) {
      return "unknown";
    }
  }
}
