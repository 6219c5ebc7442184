package io.liiklus.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Where the processes of a run leave what they say: {@code target/logs/<process id>/}. */
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
