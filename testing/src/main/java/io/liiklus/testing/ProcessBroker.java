package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A broker as a child process. Thread-safe. */
final class ProcessBroker implements KafkaBroker {

  private static final Duration STOP_BOUND = Duration.ofSeconds(10);

  private static final String DATA = "data";

  /** Options of a broker's JVM in place of those that make it small and quick to start. */
  static final String OPTIONS_PROPERTY = "liiklus.testing.broker.options";

  private static final String SMALL = "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  /** Formats the data folder where that is new. The exec lets the broker have the shell's id. */
  private static final String RUN =
      """
      java=$1 jars=$2 cluster=$3 options=$4
      if [ ! -f data/meta.properties ]; then
        "$java" -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="$PWD" \
          -cp "$jars" kafka.tools.StorageTool format -t "$cluster" -c server.properties || exit 1
      fi
      exec "$java" $options -Djava.io.tmpdir="$PWD" \
        -Dorg.slf4j.simpleLogger.showDateTime=true \
        -Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS \
        -Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn \
        -cp "$jars" kafka.Kafka server.properties
      """;

  private final InetSocketAddress address;
  private final InetSocketAddress loginAddress;
  private final Path folder;
  private final List<String> command;
  private volatile ServerProcess process;

  private ProcessBroker(
      InetSocketAddress address,
      InetSocketAddress loginAddress,
      Path folder,
      List<String> command) {
    this.address = address;
    this.loginAddress = loginAddress;
    this.folder = folder;
    this.command = command;
  }

  /** The brokers of one cluster, not started yet. */
  static List<KafkaBroker> create(int count, Map<String, String> overrides) {
    var ports = FreePorts.pick(3 * count);
    var clientPorts = ports.subList(0, count);
    var loginPorts = ports.subList(count, 2 * count);
    var controllerPorts = ports.subList(2 * count, 3 * count);
    var voters =
        IntStream.rangeClosed(1, count)
            .mapToObj(node -> node + "@127.0.0.1:" + controllerPorts.get(node - 1))
            .collect(Collectors.joining(","));
    var clusterFolder = ServerFolder.create("kafka");
    var command =
        List.of(
            "sh",
            "-c",
            RUN,
            "kafka",
            javaCommand(),
            BrokerJars.classPath(),
            BrokerSettings.newClusterId(),
            System.getProperty(OPTIONS_PROPERTY, SMALL));
    var brokers = new ArrayList<KafkaBroker>(count);
    for (int node = 1; node <= count; node++) {
      var folder = clusterFolder.resolve("broker-" + node);
      var settings = BrokerSettings.common(node, count);
      int clientPort = clientPorts.get(node - 1);
      int loginPort = loginPorts.get(node - 1);
      var clients = "PLAINTEXT://127.0.0.1:" + clientPort + ",LOGIN://127.0.0.1:" + loginPort;
      var controller = "CONTROLLER://127.0.0.1:" + controllerPorts.get(node - 1);
      settings.put("controller.quorum.voters", voters);
      settings.put("listeners", clients + "," + controller);
      settings.put("advertised.listeners", clients);
      settings.put("log.dirs", folder.resolve(DATA).toString());
      settings.putAll(overrides);
      BrokerSettings.write(settings, folder.resolve("server.properties"));
      brokers.add(new ProcessBroker(loopback(clientPort), loopback(loginPort), folder, command));
    }
    return List.copyOf(brokers);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public InetSocketAddress loginAddress() {
    return loginAddress;
  }

  @Override
  public void start() {
    process = ServerProcess.start(folder, "broker.log", command);
  }

  @Override
  public boolean isRunning() {
    var started = process;
    return started != null && started.isAlive();
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void stop() {
    process.stop(STOP_BOUND);
  }

  @Override
  public void pause() {
    process.signal("STOP");
  }

  @Override
  public void resume() {
    process.signal("CONT");
  }

  @Override
  public byte[] readData(String file) {
    try {
      return Files.readAllBytes(folder.resolve(DATA).resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void writeData(String file, byte[] bytes) {
    try {
      Files.write(folder.resolve(DATA).resolve(file), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String logTail() {
    return process == null ? "not started" : process.tail();
  }

  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
    ServerFolder.delete(folder.resolve(DATA));
  }

  private static String javaCommand() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
