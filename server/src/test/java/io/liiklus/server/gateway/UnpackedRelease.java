package io.liiklus.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The jar that was built and the start script, laid out as a release whose path has blanks.
 * Confined to one thread.
 */
public final class UnpackedRelease {

  /** How long a process may take. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  public record Run(int exitCode, String out, String err) {}

  private final Path folder;
  private final Path home;

  /** Where each process leaves what it says. */
  private final Map<Process, Path> outputs = new HashMap<>();

  private UnpackedRelease(Path folder) {
    this.folder = folder;
    this.home = folder.resolve("a release");
  }

  /** Puts it into a folder of this folder, which is where its processes run. */
  public static UnpackedRelease in(Path folder) throws IOException {
    var release = new UnpackedRelease(folder);
    release.copy(Path.of("../bin"));
    release.copy(Path.of("../conf"));
    Files.createDirectories(release.home.resolve("lib/ext"));
    Files.createSymbolicLink(
        release.home.resolve("lib/liiklus.jar"), Path.of("target/liiklus.jar").toAbsolutePath());
    return release;
  }

  public Path home() {
    return home;
  }

  public Path script() {
    return home.resolve("bin/liiklus");
  }

  private void copy(Path from) throws IOException {
    var to = Files.createDirectories(home.resolve(from.getFileName()));
    try (var files = Files.list(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
        boolean isExecutable = Files.isExecutable(file);
        assertThat(to.resolve(file.getFileName()).toFile().setExecutable(isExecutable)).isTrue();
      }
    }
  }

  public Run run(Path script, Map<String, String> environment, String... arguments)
      throws Exception {
    return finish(start(script, environment, arguments));
  }

  public Process start(Path script, Map<String, String> environment, String... arguments)
      throws IOException {
    var command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.environment().remove("JAVA_OPTS");
    builder.environment().put("JAVA_HOME", JAVA_HOME.toString());
    builder.environment().putAll(environment);
    var output = Files.createTempDirectory(folder, "output");
    builder.redirectOutput(output.resolve("out").toFile());
    builder.redirectError(output.resolve("err").toFile());
    var process = builder.start();
    outputs.put(process, output);
    return process;
  }

  /** What a process has said so far. */
  public String out(Process process) throws IOException {
    return Files.readString(outputs.get(process).resolve("out"));
  }

  /** What a process has said so far of what is no result. */
  public String err(Process process) throws IOException {
    return Files.readString(outputs.get(process).resolve("err"));
  }

  public Run finish(Process process) throws Exception {
    boolean isDone = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (!isDone) {
      process.destroyForcibly();
    }
    var output = outputs.get(process);
    var out = Files.readString(output.resolve("out"));
    var err = Files.readString(output.resolve("err"));
    assertThat(isDone).as("ends within %s; said: %s%s", PATIENCE, out, err).isTrue();
    return new Run(process.exitValue(), out, err);
  }
}
