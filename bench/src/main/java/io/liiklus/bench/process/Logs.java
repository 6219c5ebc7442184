package io.liiklus.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Folder of the logs of a run's processes: {@code target/logs/<process id>/}. Immutable. */
final class Logs {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private Logs() {}

  static Path folder() {
    try {
      return Files.createDirectories(
          Path.of(System.getProperty("basedir", "."))
              .toAbsolutePath()
              .resolve("target/logs")
              .resolve(Long.toString(ProcessHandle.current().pid())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String nextName(String kind) {
    return "%03d-%s.log".formatted(COUNT.incrementAndGet(), kind);
  }
}
