package io.liiklus.testing;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Jars of the Kafka broker, which the build of this module copies to its target. Immutable. */
final class BrokerJars {

  private static final String FOLDER = "kafka-broker";

  private BrokerJars() {}

  /** A class path for {@code java -cp}. */
  static String classPath() {
    return Stream.concat(besideThisCode(), aboveWorkingDirectory())
        .filter(Files::isDirectory)
        .findFirst()
        .map(folder -> folder.resolve("*").toString())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no folder testing/target/"
                        + FOLDER
                        + " with the broker's jars: mvn -f testing/pom.xml process-resources"
                        + " makes it"));
  }

  /** In a build of several modules this code lies in {@code testing/target}. */
  private static Stream<Path> besideThisCode() {
    try {
      var code =
          Path.of(BrokerJars.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Stream.of(code.resolveSibling(FOLDER));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In a build of one module this code is a jar of the local repository. */
  private static Stream<Path> aboveWorkingDirectory() {
    return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve("testing").resolve("target").resolve(FOLDER));
  }
}
