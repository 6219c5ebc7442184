package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Jars of the Cassandra server, which the module of its positions copies to its target where the
 * profile {@code servers} is on. Immutable.
 */
final class CassandraJars {

  private static final Path FOLDER = Path.of("positions-cassandra", "target", "cassandra-server");

  private CassandraJars() {}

  /** The folder of the jars, below the clone in which the tests run. */
  static Path folder() {
    return Stream.iterate(ServerFolder.root(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve(FOLDER))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no folder " + FOLDER + " with the server's jars: mvn -Pservers makes it"));
  }

  /** The agent that measures objects, without which the server does not start. */
  static Path agent() {
    try (var jars = Files.newDirectoryStream(folder(), "jamm-*.jar")) {
      return jars.iterator().next();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
