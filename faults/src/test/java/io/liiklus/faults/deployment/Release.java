package io.liiklus.faults.deployment;

import io.liiklus.testing.ServerFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** The built jar, laid out as on a machine that runs it. Immutable. */
public record Release(Path folder) {

  /** Links to {@code bin/}, {@code conf/} and the jar of the clone. */
  public static Release layOut() {
    var checkout = checkout();
    var jar = checkout.resolve("server/target/liiklus.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException("no " + jar + ": mvn -pl server -am package makes it");
    }
    var folder = ServerFolder.create("release");
    try {
      // Copies: the script finds its home behind all links.
      copy(checkout.resolve("bin"), folder.resolve("bin"));
      copy(checkout.resolve("conf"), folder.resolve("conf"));
      Files.createDirectories(folder.resolve("lib"));
      Files.createSymbolicLink(folder.resolve("lib/liiklus.jar"), jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Release(folder);
  }

  /** Starts a gateway or the client. */
  public Path script() {
    return folder.resolve("bin/liiklus");
  }

  /** Has everything. */
  public Path jar() {
    return folder.resolve("lib/liiklus.jar");
  }

  /** The clone it was built in. */
  public static Path checkout() {
    return Stream.iterate(ServerFolder.root(), folder -> folder != null, Path::getParent)
        .filter(folder -> Files.exists(folder.resolve("bin/liiklus")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no bin/liiklus above the module"));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
