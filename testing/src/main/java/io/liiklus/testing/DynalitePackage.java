package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The npm package {@code dynalite}, installed into {@code target/dynalite} beside this code on
 * first use. Immutable.
 */
final class DynalitePackage {

  private static final String PACKAGE = "dynalite@4.0.0";
  private static final Duration INSTALL_BOUND = Duration.ofMinutes(5);
  private static final Duration VERSION_BOUND = Duration.ofSeconds(30);

  private DynalitePackage() {}

  /** Whether {@code node} and {@code npm} are on the PATH. */
  static boolean hasPrograms() {
    return Holder.HAS_PROGRAMS;
  }

  /** The folder of the package. */
  static Path folder() {
    return Holder.FOLDER;
  }

  private static final class Holder {
    static final boolean HAS_PROGRAMS = runs("node") && runs("npm");
    static final Path FOLDER = install();

    private static boolean runs(String program) {
      try {
        var process =
            new ProcessBuilder(program, "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(VERSION_BOUND.toSeconds(), TimeUnit.SECONDS)
            && process.exitValue() == 0;
      } catch (IOException missing) {
        return false;
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }

    private static Path install() {
      try {
        var home = Files.createDirectories(home());
        // Another JVM may be at it too.
        try (var lock =
                FileChannel.open(
                    home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var held = lock.lock()) {
          var folder = home.resolve("node_modules/dynalite");
          var mark = home.resolve("installed");
          if (!held.isValid() || !Files.exists(mark)) {
            install(home);
            Files.writeString(mark, PACKAGE);
          }
          return folder;
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot install " + PACKAGE, e);
      }
    }

    private static void install(Path home) throws IOException {
      var log = home.resolve("npm.log");
      var command =
          List.of(
              "npm",
              "install",
              "--prefix",
              home.toString(),
              "--no-save",
              "--no-audit",
              "--no-fund",
              "--ignore-scripts",
              PACKAGE);
      var process =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        boolean isDone = process.waitFor(INSTALL_BOUND.toSeconds(), TimeUnit.SECONDS);
        if (!isDone || process.exitValue() != 0) {
          process.destroyForcibly();
          throw new IllegalStateException(
              "npm cannot install " + PACKAGE + "\n" + ServerProcess.tail(log));
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        throw interrupted(e);
      }
    }

    private static Path home() {
      try {
        var code =
            Path.of(
                DynalitePackage.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return code.resolveSibling("dynalite");
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
      Thread.currentThread().interrupt();
      return new IllegalStateException("interrupted while installing " + PACKAGE, e);
    }
  }
}
