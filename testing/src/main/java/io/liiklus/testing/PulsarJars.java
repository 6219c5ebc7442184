package io.liiklus.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Jars of the Pulsar broker, which the module of its records copies to its target where the profile
 * {@code servers} is on. Immutable.
 */
final class PulsarJars {

  private static final Path FOLDER = Path.of("storage-pulsar", "target", "pulsar-broker");

  private PulsarJars() {}

  /** A class path for {@code java -cp}, below the clone in which the tests run. */
  static String classPath() {
    return Stream.iterate(ServerFolder.root(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve(FOLDER))
        .filter(Files::isDirectory)
        .findFirst()
        .map(folder -> folder.resolve("*").toString())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no folder " + FOLDER + " with the broker's jars: mvn -Pservers makes it"));
  }
}
