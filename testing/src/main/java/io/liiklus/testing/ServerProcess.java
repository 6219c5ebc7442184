package io.liiklus.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server that runs as a child process and does not outlive this JVM, and neither does what it
 * started. Thread-safe.
 *
 * <p>Two things end it: a shutdown hook, and a shell that waits for the end of its own input. That
 * input is a pipe from this JVM, so it ends when the JVM does, by SIGKILL too.
 */
public final class ServerProcess {

  private static final Duration KILL_BOUND = Duration.ofSeconds(10);
  private static final int TAIL_LINES = 60;
  private static final String WATCH =
      "trap '' HUP INT QUIT TERM;"
          // Where the kernel lists no children they end with their parent, but for paused ones.
          + " read -r end || kill -9 \"$1\" $(cat \"/proc/$1/task/$1/children\" 2>/dev/null)";

  private final Path log;
  private final Process process;
  private final Process watcher;
  private final Thread hook;

  private ServerProcess(Path log, Process process, Process watcher) {
    this.log = log;
    this.process = process;
    this.watcher = watcher;
    this.hook = new Thread(this::destroyAll, "kill " + process.pid());
  }

  /**
   * Starts the command in the folder, which becomes its working directory. Its output is appended
   * to the log there.
   */
  public static ServerProcess start(Path folder, String logName, List<String> command) {
    return start(folder, logName, command, Map.of());
  }

  /**
   * As {@link #start(Path, String, List)}.
   *
   * @param environment is added to that of this JVM
   */
  public static ServerProcess start(
      Path folder, String logName, List<String> command, Map<String, String> environment) {
    var log = folder.resolve(logName);
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      var process = builder.start();
      var watcher =
          new ProcessBuilder("sh", "-c", WATCH, "watcher", Long.toString(process.pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      var server = new ServerProcess(log, process, watcher);
      Runtime.getRuntime().addShutdownHook(server.hook);
      // Once the process is gone its id may become another's: then the watcher must not kill.
      var unused = process.onExit().thenRun(server::dismissWatcher);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.get(0), e);
    }
  }

  /** The id that the kernel knows it by. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits until it has ended by itself.
   *
   * @return its exit code; -1 where it still runs at the end of the bound
   */
  public int awaitExitCode(Duration bound) {
    return exits(bound) ? process.exitValue() : -1;
  }

  /** Whether it has not ended yet. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end after {@link #signal}, and returns the exit code. */
  public int awaitExit(Duration bound) {
    if (!exits(bound)) {
      throw new IllegalStateException(
          "not gone within " + bound + ": process " + process.pid() + "\n" + tail());
    }
    forgetHook();
    return process.exitValue();
  }

  /** SIGKILL to it and to what it started; returns when all are gone. */
  public void kill() {
    var started = destroyAll();
    awaitExit(KILL_BOUND);
    Poll.until(
        "killed processes are gone",
        KILL_BOUND,
        () -> started.stream().noneMatch(ServerProcess::runs),
        () -> started.toString());
  }

  /** SIGTERM, and SIGKILL where that has not ended the process within the bound. */
  public void stop(Duration bound) {
    process.destroy();
    if (!exits(bound)) {
      process.destroyForcibly();
    }
    awaitExit(KILL_BOUND);
  }

  /** Sends a signal, as {@code STOP}, and does not wait for its effect. */
  public void signal(String name) {
    if (!signal(name, process.pid())) {
      throw new IllegalStateException("cannot signal a server that has ended: " + tail());
    }
  }

  /** Sends a signal to it, then to what it has started, and does not wait for the effect. */
  void signalAll(String name) {
    signal(name);
    // One that has ended by now needs none.
    process.descendants().forEach(started -> signal(name, started.pid()));
  }

  private static boolean signal(String name, long pid) {
    try {
      return new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** The last lines of the server's log. */
  public String tail() {
    return tail(log);
  }

  static String tail(Path log) {
    try {
      var lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      var last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
      return "--- end of " + log + System.lineSeparator() + String.join("\n", last);
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** Returns what it had started. */
  private List<ProcessHandle> destroyAll() {
    var started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
    return started;
  }

  /** Whether it is more than an entry that nobody has reaped: that has no command. */
  private static boolean runs(ProcessHandle started) {
    return started.isAlive() && started.info().command().isPresent();
  }

  private boolean exits(Duration bound) {
    try {
      return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void dismissWatcher() {
    try (var input = watcher.getOutputStream()) {
      input.write('\n');
    } catch (IOException e) {
      watcher.destroyForcibly();
    }
  }

  private void forgetHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down and runs the hook anyway; to kill twice does no harm.
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for a server", e);
  }
}
