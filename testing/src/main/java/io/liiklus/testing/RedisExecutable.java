package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.core.ExecutableProvider;

/**
 * Path of the {@code redis-server} to run: the one that the embedded-redis jar brings, or the one
 * that the system property {@value #PROPERTY} names by its path or by its name on the PATH.
 * Immutable.
 */
final class RedisExecutable {

  static final String PROPERTY = "liiklus.testing.redis.executable";

  private RedisExecutable() {}

  static String command() {
    return System.getProperty(PROPERTY, Holder.UNPACKED);
  }

  private static final class Holder {
    static final String UNPACKED = unpack();

    /** A folder of its own for each JVM: an executable that runs cannot be written over. */
    private static String unpack() {
      try {
        var root = Files.createDirectories(ServerFolder.root());
        var folder = Files.createTempDirectory(root, "redis-executable-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ServerFolder.delete(folder)));
        var executable = ExecutableProvider.newJarResourceProvider(folder.toFile()).get();
        return Path.of(executable.toURI()).toAbsolutePath().toString();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot unpack redis-server", e);
      }
    }
  }
}
