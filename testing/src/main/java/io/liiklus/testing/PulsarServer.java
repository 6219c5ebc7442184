package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A standalone Pulsar that keeps its ports and its data through {@link #kill} and {@link #restart}.
 * Thread-safe, but one thread at a time should take it down and up.
 *
 * <p>It is always a process; its jars are fetched by the profile {@code servers} of the module that
 * tests Pulsar. A record is kept for ever by default: the broker's own default keeps it only as
 * long as a subscription has not acknowledged it.
 */
public final class PulsarServer implements AutoCloseable {

  private static final Duration START_BOUND = Duration.ofMinutes(2);
  private static final Duration CALL_BOUND = Duration.ofSeconds(30);
  private static final String CONFIG = "standalone.conf";

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("clusterName", "standalone"),
          Map.entry("bindAddress", "127.0.0.1"),
          Map.entry("advertisedAddress", "127.0.0.1"),
          Map.entry("managedLedgerDefaultEnsembleSize", "1"),
          Map.entry("managedLedgerDefaultWriteQuorum", "1"),
          Map.entry("managedLedgerDefaultAckQuorum", "1"),
          Map.entry("numIOThreads", "2"),
          Map.entry("numHttpServerThreads", "8"),
          Map.entry("webSocketServiceEnabled", "false"),
          Map.entry("functionsWorkerEnabled", "false"),
          Map.entry("allowAutoTopicCreation", "true"),
          Map.entry("brokerDeleteInactiveTopicsEnabled", "false"),
          Map.entry("loadBalancerEnabled", "false"),
          Map.entry("systemTopicEnabled", "true"),
          Map.entry("topicLevelPoliciesEnabled", "true"),
          Map.entry("allowLoopback", "true"),
          Map.entry("listeningInterface", "lo"),
          Map.entry("useHostNameAsBookieID", "false"),
          Map.entry("journalSyncData", "false"),
          Map.entry("journalMaxSizeMB", "64"),
          Map.entry("journalPreAllocSizeMB", "4"),
          Map.entry("diskUsageThreshold", "0.99"),
          Map.entry("diskUsageWarnThreshold", "0.98"),
          Map.entry("diskUsageLwmThreshold", "0.97"),
          Map.entry("dbStorage_writeCacheMaxSizeMb", "32"),
          Map.entry("dbStorage_readAheadCacheMaxSizeMb", "16"),
          Map.entry("dbStorage_rocksDB_blockCacheSize", "8388608"),
          Map.entry("managedLedgerCacheSizeMB", "16"),
          Map.entry("defaultRetentionTimeInMinutes", "-1"),
          Map.entry("defaultRetentionSizeInMB", "-1"));

  private static final List<String> OPTIONS =
      List.of(
          "-Xmx512m",
          "-Xms256m",
          "-XX:MaxDirectMemorySize=512m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
          "--add-opens=java.base/sun.net=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.management/sun.management=ALL-UNNAMED",
          "-Dio.netty.tryReflectionSetAccessible=true",
          "-Dpulsar.allocator.pooled=true",
          "-Dlog4j2.configurationFile=log4j2.xml");

  private static final String LOGGING =
      """
      <Configuration><Appenders><Console name="out"><PatternLayout pattern="%d %-5p %c{1} %m%n"/>
      </Console></Appenders><Loggers><Root level="info"><AppenderRef ref="out"/></Root></Loggers>
      </Configuration>
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder = ServerFolder.create("pulsar");
  private final Map<String, String> settings = new TreeMap<>(DEFAULTS);
  private final int port;
  private final int webPort;
  private final int tlsPort;
  private final int bookiePort;
  private volatile String adminToken;
  private volatile ServerProcess process;

  private PulsarServer(Map<String, String> given) {
    var ports = FreePorts.pick(4);
    port = ports.get(0);
    webPort = ports.get(1);
    tlsPort = ports.get(2);
    bookiePort = ports.get(3);
    settings.put("brokerServicePort", Integer.toString(port));
    settings.put("webServicePort", Integer.toString(webPort));
    settings.putAll(given);
  }

  /** Starts a server and returns when it serves. */
  public static PulsarServer start() {
    return start(Map.of());
  }

  /**
   * Starts a server and returns when it serves.
   *
   * @param settings of the broker, as {@code managedLedgerMaxEntriesPerLedger}
   */
  public static PulsarServer start(Map<String, String> settings) {
    return new PulsarServer(settings).started();
  }

  /** Starts a server that takes TLS connections too. */
  public static PulsarServer startWithTls(TlsFiles files) {
    var server = new PulsarServer(Map.of());
    server.settings.put("brokerServicePortTls", Integer.toString(server.tlsPort));
    server.settings.put("tlsCertificateFilePath", files.certificate().toString());
    server.settings.put("tlsKeyFilePath", files.key().toString());
    return server.started();
  }

  /**
   * Starts a server that lets in those alone who have a token.
   *
   * @param keyFile of the secret key, as {@code HmacSHA256} has it
   * @param token of one who may do everything, and whose subject is {@code admin}
   */
  public static PulsarServer startWithTokens(Path keyFile, String token) {
    var server = new PulsarServer(Map.of());
    server.adminToken = token;
    server.settings.put("authenticationEnabled", "true");
    server.settings.put("authorizationEnabled", "true");
    server.settings.put(
        "authenticationProviders",
        "org.apache.pulsar.broker.authentication.AuthenticationProviderToken");
    server.settings.put("tokenSecretKey", keyFile.toUri().toString());
    server.settings.put("superUserRoles", "admin");
    server.settings.put(
        "brokerClientAuthenticationPlugin",
        "org.apache.pulsar.client.impl.auth.AuthenticationToken");
    server.settings.put("brokerClientAuthenticationParameters", "token:" + token);
    return server.started();
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return port;
  }

  /** {@code pulsar://host:port}. */
  public String serviceUrl() {
    return "pulsar://" + host() + ":" + port;
  }

  /** Of a server with TLS. */
  public String tlsServiceUrl() {
    return "pulsar+ssl://" + host() + ":" + tlsPort;
  }

  /** Base of the admin API. */
  public String adminUrl() {
    return "http://" + host() + ":" + webPort;
  }

  /**
   * Calls the admin API.
   *
   * @param path behind {@code /admin/v2/}
   * @return the body of the answer
   */
  public String admin(String method, String path, String body) {
    var answer = call(method, "/admin/v2/" + path, body);
    if (answer.startsWith("2")) {
      return answer.substring(answer.indexOf(' ') + 1);
    }
    throw new IllegalStateException(method + " " + path + ": " + answer + "\n" + logTail());
  }

  /** Status and body, behind a space. */
  private String call(String method, String path, String body) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(adminUrl() + path))
              .timeout(CALL_BOUND)
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body));
      if (adminToken != null) {
        request.header("Authorization", "Bearer " + adminToken);
      }
      var answer = http.send(request.build(), BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    } catch (IOException away) {
      return "0 " + away;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while calling Pulsar", e);
    }
  }

  /** SIGKILL. Returns when it is gone. */
  public void kill() {
    process.kill();
  }

  /** Starts the server again, killing it first if it runs; returns when it serves. */
  public void restart() {
    if (process.isAlive()) {
      kill();
    }
    run();
  }

  /** Makes the server hang: connections stay and new ones are accepted, but nothing is answered. */
  public void pause() {
    process.signal("STOP");
  }

  /** Ends a {@link #pause}. */
  public void resume() {
    process.signal("CONT");
  }

  /** The last lines of the server's log. */
  public String logTail() {
    return process == null ? "not started" : process.tail();
  }

  /** Ends the server with SIGKILL and deletes its data. Its log stays. */
  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
    ServerFolder.delete(folder.resolve("data"));
  }

  private PulsarServer started() {
    try {
      Files.writeString(folder.resolve("log4j2.xml"), LOGGING);
      Files.writeString(
          folder.resolve(CONFIG),
          settings.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + entry.getValue())
              .collect(Collectors.joining("\n", "", "\n")));
      run();
      return this;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  private void run() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.add("-Djava.io.tmpdir=" + folder);
    command.addAll(
        List.of(
            "-cp",
            PulsarJars.classPath(),
            "org.apache.pulsar.PulsarStandaloneStarter",
            "--config",
            CONFIG,
            "--no-functions-worker",
            "--no-stream-storage",
            "--metadata-dir",
            "data/metadata",
            "--zookeeper-dir",
            "data/zk",
            "--bookkeeper-dir",
            "data/bk",
            "--num-bookies",
            "1",
            "--bookkeeper-port",
            Integer.toString(bookiePort),
            "--advertised-address",
            host()));
    var started = ServerProcess.start(folder, "pulsar.log", command);
    process = started;
    Poll.until(
        "Pulsar serves on " + serviceUrl(),
        START_BOUND,
        () -> {
          if (!started.isAlive()) {
            throw new IllegalStateException("Pulsar ended while it started\n" + started.tail());
          }
          return call("GET", "/admin/v2/brokers/health", "").equals("200 ok");
        },
        this::logTail);
  }
}
