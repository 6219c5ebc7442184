package io.liiklus.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the built parts, newest first, each even if the one before failed. Confined to the thread
 * that builds, then to the one that closes.
 */
final class Teardown implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Teardown.class);

  private record Part(String name, AutoCloseable closing) {}

  private final Deque<Part> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T push(String name, T part) {
    parts.push(new Part(name, part));
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      var part = parts.pop();
      long startNs = System.nanoTime();
      try {
        part.closing().close();
      } catch (Exception failure) {
        log.error("could not close, part={}", part.name(), failure);
      }
      log.debug(
          "closed, part={} took={}", part.name(), Duration.ofNanos(System.nanoTime() - startNs));
    }
  }
}
