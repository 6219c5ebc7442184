package io.liiklus.server;

import io.liiklus.server.settings.CommandLine;
import io.liiklus.server.settings.Configuration;
import io.liiklus.server.settings.SettingsException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Command {@code liiklus}, where it serves: reads the settings, starts, and ends on a signal.
 * Confined to the main thread.
 */
public final class Main {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private static final PrintStream OUT = utf8(FileDescriptor.out);
  private static final PrintStream ERR = utf8(FileDescriptor.err);

  private static final int BAD_SETTINGS = 2;
  private static final int CANNOT_START = 1;

  /** Exit code of a process that SIGTERM ended. */
  private static final int TERMINATED = 143;

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    // In every locale numbers have the digits 0 to 9, and text is UTF-8.
    Locale.setDefault(Locale.ROOT);
    var commandLine = CommandLine.parse(arguments);
    switch (commandLine.action()) {
      case HELP -> OUT.print(CommandLine.USAGE);
      case VERSION -> OUT.println("liiklus " + version());
      case CHECK_CONFIG -> checkConfig(commandLine);
      case SERVE -> serve(commandLine);
    }
  }

  private static PrintStream utf8(FileDescriptor file) {
    return new PrintStream(new FileOutputStream(file), true, StandardCharsets.UTF_8);
  }

  private static void checkConfig(CommandLine commandLine) {
    var loaded = load(commandLine);
    loaded.warnings().forEach(ERR::println);
    int warnings = loaded.warnings().size();
    OUT.printf(
        "%s; records are in %s, positions in %s; read %s%n",
        switch (warnings) {
          case 0 -> "the settings are right";
          case 1 -> "the settings can be used, with 1 warning";
          default -> "the settings can be used, with " + warnings + " warnings";
        },
        loaded.records().type(),
        loaded.positions().type(),
        loaded.source());
  }

  private static Configuration load(CommandLine commandLine) {
    try {
      return GatewayOptions.load(commandLine, System.getenv(), systemProperties());
    } catch (SettingsException wrong) {
      wrong.warnings().forEach(ERR::println);
      wrong.problems().forEach(ERR::println);
      System.exit(BAD_SETTINGS);
      throw new AssertionError("unreachable", wrong);
    }
  }

  private static Map<String, String> systemProperties() {
    var properties = new HashMap<String, String>();
    var all = System.getProperties();
    all.stringPropertyNames().forEach(name -> properties.put(name, all.getProperty(name)));
    return properties;
  }

  private static void serve(CommandLine commandLine) throws InterruptedException {
    long startNs = System.nanoTime();
    bridgeJavaLogging();
    var loaded = load(commandLine);
    LiiklusServer server;
    try {
      server = start(loaded);
    } catch (IOException | RuntimeException failure) {
      // The text of an I/O failure says it all, and names the setting.
      log.error("cannot start: {}", text(failure));
      log.debug("cannot start", failure);
      System.exit(CANNOT_START);
      return;
    }
    var deadline = server.shutdownDeadline();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> shutDown(server, deadline), "liiklus-shutdown"));
    announce(server, loaded, startNs);
    // Everything happens on daemon threads: this one keeps the process until a signal ends it.
    new CountDownLatch(1).await();
  }

  static LiiklusServer start(Configuration loaded) throws IOException {
    log.info("liiklus {}, settings from {}", version(), loaded.source());
    loaded.changed().forEach(line -> log.info("setting {}", line));
    loaded.warnings().forEach(log::warn);
    var server = LiiklusServer.start(loaded);
    if (!loaded.areRecordsDurable()) {
      log.warn("records are kept in memory: they are gone when this process ends");
    } else if (!loaded.arePositionsDurable()) {
      log.warn(
          "positions are kept in memory: gateways do not share them, and they are gone when this"
              + " process ends");
    }
    return server;
  }

  static void announce(LiiklusServer server, Configuration loaded, long startNs) {
    log.info(
        "serving, grpc.port={} server.port={} records={} positions={} tookMs={}",
        server.grpcPort(),
        server.opsPort(),
        loaded.records().type(),
        loaded.positions().type(),
        Duration.ofNanos(System.nanoTime() - startNs).toMillis());
  }

  /** Lines of java.util.logging, as gRPC's, go to the same log, and at our levels. */
  private static void bridgeJavaLogging() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** With its causes, in one line. */
  private static String text(Throwable failure) {
    var text = new StringBuilder(String.valueOf(failure.getMessage()));
    for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && text.indexOf(cause.getMessage()) < 0) {
        text.append("; ").append(cause.getMessage());
      }
    }
    return text.toString();
  }

  private static void shutDown(LiiklusServer server, Duration deadline) {
    log.info("shutting down");
    var watchdog = new Thread(() -> haltAfter(deadline), "liiklus-shutdown-deadline");
    watchdog.setDaemon(true);
    watchdog.start();
    server.close();
    log.info("shut down");
  }

  private static void haltAfter(Duration deadline) {
    try {
      Thread.sleep(deadline.toMillis());
      log.error("not shut down after shutdown.deadline={}, ending all the same", deadline);
      Runtime.getRuntime().halt(TERMINATED);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static String version() {
    var version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
