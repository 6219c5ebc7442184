package io.liiklus.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * Programs of PostgreSQL ({@code initdb} and {@code postgres}) from a jar of Maven Central,
 * unpacked once for each JVM. Immutable.
 *
 * <p>They refuse to run as root. For root they run in a user namespace of their own, in which
 * nobody is root though the files stay root's; where the kernel or a container's rules forbid that,
 * as a user without a name, to whom the files are given. That user must be able to enter the
 * folders above {@code target/}.
 */
final class PostgresPrograms {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String NO_NAME = "65534";

  private PostgresPrograms() {}

  /** The command line of a program with these arguments. */
  static List<String> command(String program, List<String> arguments) {
    var command = new ArrayList<>(Holder.AS_PLAIN_USER);
    command.add(Holder.FOLDER.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    return List.copyOf(command);
  }

  /** Makes files that this process wrote those of the user that the programs run as. */
  static void handOver(Path folder) {
    give(folder, Holder.AS_PLAIN_USER);
  }

  private static void give(Path folder, List<String> asPlainUser) {
    if (asPlainUser.contains("setpriv")) {
      run(folder, List.of("chown", "-R", NO_NAME + ":" + NO_NAME, folder.toString()));
    }
  }

  /**
   * Runs a command to its end, which must be a good one; its output goes to a log in the folder.
   */
  static void run(Path folder, List<String> command) {
    var process = ServerProcess.start(folder, "commands.log", command);
    int code = process.awaitExit(BOUND);
    if (code != 0) {
      throw new IllegalStateException(command + " ended with " + code + "\n" + process.tail());
    }
  }

  private static final class Holder {
    static final Path FOLDER = ServerFolder.create("postgres-programs");
    static final List<String> AS_PLAIN_USER = asPlainUser();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> ServerFolder.delete(FOLDER)));
      unpack();
      give(FOLDER, AS_PLAIN_USER);
    }

    private static List<String> asPlainUser() {
      try {
        if (!Integer.valueOf(0).equals(Files.getAttribute(FOLDER, "unix:uid"))) {
          return List.of();
        }
        var namespace = List.of("unshare", "-U");
        return succeeds(Stream.concat(namespace.stream(), Stream.of("true")).toList())
            ? namespace
            : List.of("setpriv", "--reuid", NO_NAME, "--regid", NO_NAME, "--clear-groups");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static boolean succeeds(List<String> command) {
      var tried = ServerProcess.start(FOLDER, "commands.log", command);
      return tried.awaitExit(BOUND) == 0;
    }

    /** By tar, which keeps links and rights. */
    private static void unpack() {
      try (var packed = new XZInputStream(archive())) {
        var tar =
            new ProcessBuilder("tar", "-x", "-C", FOLDER.toString())
                .redirectErrorStream(true)
                .redirectOutput(FOLDER.resolve("tar.log").toFile())
                .start();
        try (var input = tar.getOutputStream()) {
          packed.transferTo(input);
        }
        if (tar.waitFor() != 0) {
          throw new IllegalStateException("cannot unpack PostgreSQL: see tar.log in " + FOLDER);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot unpack PostgreSQL", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while PostgreSQL was unpacked", e);
      }
    }

    private static InputStream archive() {
      return Stream.of("linux-x86_64", "linux-arm_64", "darwin-arm_64", "darwin-x86_64")
          .map(platform -> "/postgres-" + platform + ".txz")
          .map(PostgresPrograms.class::getResourceAsStream)
          .filter(Objects::nonNull)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no PostgreSQL on the class path"));
    }
  }
}
