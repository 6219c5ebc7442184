package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;

/**
 * Broker in a container of the official image. Brokers and controllers reach each other in a
 * network of the cluster's own; clients use a port of the host. Thread-safe.
 */
final class ContainerBroker implements KafkaBroker {

  private static final String IMAGE_PROPERTY = "liiklus.testing.kafka.image";
  private static final String SETTINGS_FILE = "/tmp/server.properties";
  private static final String DATA = "/tmp/data";
  private static final int CONTROLLER_PORT = 9_093;
  private static final int INTERNAL_PORT = 9_094;
  private static final int FILE_MODE = 0644;

  /** Formats the data folder where that is new. */
  private static final String RUN =
      """
      cd /opt/kafka
      bin/kafka-storage.sh format --ignore-formatted -t "$CLUSTER" -c /tmp/server.properties
      exec bin/kafka-server-start.sh /tmp/server.properties
      """;

  private final InetSocketAddress address;
  private final InetSocketAddress loginAddress;
  private final ServerContainer container;
  private final Runnable afterClose;

  private ContainerBroker(
      InetSocketAddress address,
      InetSocketAddress loginAddress,
      ServerContainer container,
      Runnable afterClose) {
    this.address = address;
    this.loginAddress = loginAddress;
    this.container = container;
    this.afterClose = afterClose;
  }

  /** The brokers of one cluster, not started yet. */
  static List<KafkaBroker> create(int count, Map<String, String> overrides) {
    var ports = FreePorts.pick(2 * count);
    var network = Network.newNetwork();
    var clusterId = BrokerSettings.newClusterId();
    var brokers = new ArrayList<KafkaBroker>(count);
    for (int node = 1; node <= count; node++) {
      var host = hostName(node);
      var address = Docker.address(ports.get(node - 1));
      var loginAddress = Docker.address(ports.get(count + node - 1));
      var settings = settings(node, List.of(address, loginAddress), count, overrides);
      var file = Transferable.of(BrokerSettings.text(settings), FILE_MODE);
      var container =
          new ServerContainer(
              image(),
              List.of(address, loginAddress),
              broker -> {
                broker.withNetwork(network).withNetworkAliases(host);
                configure(broker, clusterId, file);
              });
      // Brokers close in their order; a network closes when nobody is in it.
      brokers.add(
          new ContainerBroker(
              address, loginAddress, container, node == count ? network::close : () -> {}));
    }
    return List.copyOf(brokers);
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
    container.start();
  }

  @Override
  public boolean isRunning() {
    return container.isRunning();
  }

  @Override
  public void kill() {
    container.kill();
  }

  @Override
  public void stop() {
    container.stop();
  }

  @Override
  public void pause() {
    container.pause();
  }

  @Override
  public void resume() {
    container.resume();
  }

  @Override
  public byte[] readData(String file) {
    return container.read(DATA + "/" + file);
  }

  @Override
  public void writeData(String file, byte[] bytes) {
    container.write(DATA + "/" + file, bytes);
  }

  @Override
  public String logTail() {
    return container.tail();
  }

  @Override
  public void close() {
    container.close();
    afterClose.run();
  }

  private static void configure(
      GenericContainer<?> broker, String clusterId, Transferable settingsFile) {
    broker
        .withEnv("CLUSTER", clusterId)
        .withEnv("KAFKA_HEAP_OPTS", "-Xmx384m")
        .withEnv("KAFKA_JVM_PERFORMANCE_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
        .withCopyToContainer(settingsFile, SETTINGS_FILE)
        .withCreateContainerCmdModifier(command -> command.withEntrypoint("sh", "-c", RUN));
  }

  private static Map<String, String> settings(
      int node, List<InetSocketAddress> clients, int count, Map<String, String> overrides) {
    var settings = BrokerSettings.common(node, count);
    var host = clients.get(0).getAddress().getHostAddress();
    int port = clients.get(0).getPort();
    int loginPort = clients.get(1).getPort();
    settings.put(
        "listeners",
        "PLAINTEXT://:%d,LOGIN://:%d,INTERNAL://:%d,CONTROLLER://:%d"
            .formatted(port, loginPort, INTERNAL_PORT, CONTROLLER_PORT));
    settings.put(
        "advertised.listeners",
        "PLAINTEXT://%s:%d,LOGIN://%s:%d,INTERNAL://%s:%d"
            .formatted(host, port, host, loginPort, hostName(node), INTERNAL_PORT));
    settings.put("inter.broker.listener.name", "INTERNAL");
    settings.put(
        "controller.quorum.voters",
        IntStream.rangeClosed(1, count)
            .mapToObj(voter -> voter + "@" + hostName(voter) + ":" + CONTROLLER_PORT)
            .collect(Collectors.joining(",")));
    settings.put("log.dirs", DATA);
    settings.putAll(overrides);
    return settings;
  }

  private static String hostName(int node) {
    return "broker-" + node;
  }

  private static String image() {
    return System.getProperty(IMAGE_PROPERTY, "apache/kafka:" + clientVersion());
  }

  /** The version of the Kafka clients on the class path, from their jar. */
  private static String clientVersion() {
    try (var in = Admin.class.getResourceAsStream("/kafka/kafka-version.properties")) {
      var version = new Properties();
      version.load(in);
      return version.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
