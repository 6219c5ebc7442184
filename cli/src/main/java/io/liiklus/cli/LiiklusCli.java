package io.liiklus.cli;

import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.JdkLoggerFactory;
import io.liiklus.api.StorageException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The client's entry. Exit codes: 0, 1 for a failure, 2 for arguments that are not understood, 130
 * and 143 for a signal. Immutable.
 */
public final class LiiklusCli {

  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  /** Bound on the wait of a signal for requests under way. */
  private static final long STOP_MS = 3_000;

  private static final int BUFFER_BYTES = 64 << 10;

  private LiiklusCli() {}

  /** Runs {@code publish} or {@code receive}, and ends the process. */
  public static void main(String[] args) {
    // Standard error has what a run has to say; a log would take longer to open than a call.
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "WARN");
    main(args, terminal -> List.of());
  }

  /**
   * Runs one command and ends the process.
   *
   * @param further makes the commands that are there beside {@code publish} and {@code receive}
   */
  public static void main(String[] args, Function<Terminal, List<CommandLine>> further) {
    // NIO: a client that lives a second spends none of it unpacking a native library.
    System.setProperty("io.grpc.netty.shaded.io.netty.transport.noNative", "true");
    // A call's status has whatever gRPC and Netty would log.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    LogManager.getLogManager().reset();
    // In every locale numbers have the digits 0 to 9, and text is UTF-8.
    Locale.setDefault(Locale.ROOT);
    var interruption = new CompletableFuture<Void>();
    var finished = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupt(interruption, finished)));
    var terminal = new Terminal(System.in, standardOutput(), standardError(), interruption);
    int code = FAILED;
    try {
      var lost = new LocaleArguments(System.getProperty("sun.jnu.encoding")).problem(args);
      lost.ifPresent(terminal::say);
      code = lost.isPresent() ? MISUSED : run(args, terminal, further.apply(terminal));
      terminal.out().flush();
    } finally {
      finished.countDown();
    }
    System.exit(code);
  }

  /**
   * Runs one command in this thread.
   *
   * @return the exit code
   */
  public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
    return run(args, new Terminal(in, out, err, new CompletableFuture<>()), List.of());
  }

  /**
   * Runs one command in this thread.
   *
   * @param further commands beside {@code publish} and {@code receive}
   * @return the exit code
   */
  public static int run(String[] args, Terminal terminal, List<CommandLine> further) {
    var line =
        new CommandLine(CommandSpec.forAnnotatedObject(new Root()))
            .addSubcommand(new PublishCommand(terminal))
            .addSubcommand(new ReceiveCommand(terminal));
    further.forEach(line::addSubcommand);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
        // A value that begins with @ is a value.
        .setExpandAtFiles(false)
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .setParameterExceptionHandler((misuse, given) -> misused(misuse, terminal))
        .setExecutionExceptionHandler((failure, at, parsed) -> failed(failure, terminal));
    return line.execute(args);
  }

  private static int misused(ParameterException misuse, Terminal terminal) {
    var name = misuse.getCommandLine().getCommandSpec().qualifiedName();
    var text = misuse.getMessage().lines().findFirst().orElse("");
    terminal.say(text.replaceFirst("^Error: ", "") + "; see " + name + " --help");
    return MISUSED;
  }

  private static int failed(Exception failure, Terminal terminal) {
    terminal.say(
        failure instanceof CliException || failure instanceof StorageException
            ? failure.getMessage()
            : "internal error: " + failure);
    return FAILED;
  }

  private static void interrupt(CompletableFuture<Void> interruption, CountDownLatch finished) {
    interruption.complete(null);
    try {
      if (!finished.await(STOP_MS, TimeUnit.MILLISECONDS)) {
        Runtime.getRuntime().halt(FAILED);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static PrintStream standardOutput() {
    var file = new FileOutputStream(FileDescriptor.out);
    return new PrintStream(
        new BufferedOutputStream(file, BUFFER_BYTES), false, StandardCharsets.UTF_8);
  }

  private static PrintStream standardError() {
    return new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
  }

  /** Root of the commands. Immutable. */
  @Command(
      name = "liiklus",
      description = "Publishes records to a liiklus gateway, and receives them.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  private static final class Root implements Runnable {
    @CommandLine.Spec private CommandSpec spec;

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "a command is missing: publish or receive");
    }
  }
}
