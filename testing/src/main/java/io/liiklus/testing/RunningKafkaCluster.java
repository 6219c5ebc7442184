package io.liiklus.testing;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Cluster of brokers, in containers or processes. Thread-safe. */
final class RunningKafkaCluster implements KafkaCluster {

  private static final Duration START_BOUND = Duration.ofSeconds(90);
  private static final Duration CHANGE_BOUND = Duration.ofSeconds(30);

  private final List<KafkaBroker> brokers;
  private final String bootstrapServers;

  // Guarded by this.
  private Admin admin;

  private RunningKafkaCluster(List<KafkaBroker> brokers) {
    this.brokers = brokers;
    this.bootstrapServers = hostsAndPorts(KafkaBroker::address);
  }

  private String hostsAndPorts(Function<KafkaBroker, InetSocketAddress> where) {
    return brokers.stream()
        .map(where)
        .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
        .collect(Collectors.joining(","));
  }

  static RunningKafkaCluster start(int count, Map<String, String> brokerProperties) {
    if (count < 1) {
      throw new IllegalArgumentException("brokers: at least 1 is allowed, got " + count);
    }
    var brokers =
        Docker.isUsed()
            ? ContainerBroker.create(count, brokerProperties)
            : ProcessBroker.create(count, brokerProperties);
    var cluster = new RunningKafkaCluster(brokers);
    try {
      brokers.forEach(KafkaBroker::start);
      cluster.awaitAllServing();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  @Override
  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public String loginServers() {
    return hostsAndPorts(KafkaBroker::loginAddress);
  }

  @Override
  public int brokers() {
    return brokers.size();
  }

  @Override
  public synchronized Admin admin() {
    // Made when first wanted: before the brokers serve it would fill the log with its attempts.
    if (admin == null) {
      admin =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  bootstrapServers,
                  AdminClientConfig.CLIENT_ID_CONFIG,
                  "liiklus-testing"));
    }
    return admin;
  }

  @Override
  public void createTopic(String name, int partitions, Map<String, String> configs) {
    // The replication factor -1 is the brokers' default.
    var topic = new NewTopic(name, partitions, (short) -1).configs(configs);
    join("create topic " + name, admin().createTopics(List.of(topic)).all());
    awaitPartitions(name, partitions);
  }

  @Override
  public void addPartitions(String topic, int total) {
    var change = Map.of(topic, NewPartitions.increaseTo(total));
    join("add partitions to " + topic, admin().createPartitions(change).all());
    awaitPartitions(topic, total);
  }

  @Override
  public void deleteTopic(String topic) {
    join("delete topic " + topic, admin().deleteTopics(List.of(topic)).all());
    awaitView("topic " + topic + " is gone", topic, view -> !view.topics().contains(topic));
  }

  @Override
  public void deleteRecords(String topic, int partition, long before) {
    var records =
        Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(before));
    join("delete records of " + topic + "-" + partition, admin().deleteRecords(records).all());
  }

  @Override
  public void kill(int broker) {
    broker(broker).kill();
  }

  @Override
  public void stop(int broker) {
    broker(broker).stop();
  }

  @Override
  public void restart(int broker) {
    var restarted = broker(broker);
    if (restarted.isRunning()) {
      throw new IllegalStateException("broker " + broker + " is running: kill or stop it first");
    }
    restarted.start();
    if (running().size() > brokers.size() / 2) {
      awaitAllServing();
    }
  }

  @Override
  public void corrupt(int broker, String topic, int partition, long offset, Damage damage) {
    var corrupted = broker(broker);
    if (corrupted.isRunning()) {
      throw new IllegalStateException("broker " + broker + " is running: stop it first");
    }
    LogSegment.requireCleanEnd(corrupted);
    LogSegment.first(topic, partition).corrupt(corrupted, offset, damage);
  }

  @Override
  public void pause(int broker) {
    broker(broker).pause();
  }

  @Override
  public void resume(int broker) {
    broker(broker).resume();
  }

  @Override
  public void close() {
    closeAdmin();
    brokers.forEach(KafkaBroker::close);
  }

  private synchronized void closeAdmin() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }

  private KafkaBroker broker(int number) {
    if (number < 1 || number > brokers.size()) {
      throw new IllegalArgumentException(
          "broker: 1 to " + brokers.size() + " is allowed, got " + number);
    }
    return brokers.get(number - 1);
  }

  private List<KafkaBroker> running() {
    return brokers.stream().filter(KafkaBroker::isRunning).toList();
  }

  /** Waits until each of the brokers that run knows all of them. */
  private void awaitAllServing() {
    var expected = running();
    Poll.until(
        expected.size() + " brokers serve",
        START_BOUND,
        () -> {
          expected.forEach(this::failIfEnded);
          return expected.stream().allMatch(broker -> seesAll(broker, expected));
        },
        this::logTails);
  }

  private static boolean seesAll(KafkaBroker broker, List<KafkaBroker> expected) {
    var ports = expected.stream().map(one -> one.address().getPort()).toList();
    return BrokerView.of(broker.address(), List.of())
        .map(view -> view.nodes().stream().map(node -> node.port()).toList().containsAll(ports))
        .orElse(false);
  }

  private void failIfEnded(KafkaBroker broker) {
    if (!broker.isRunning()) {
      throw new IllegalStateException("a broker ended while it started\n" + broker.logTail());
    }
  }

  private void awaitPartitions(String topic, int partitions) {
    awaitView(
        partitions + " partitions of " + topic + " have leaders",
        topic,
        view -> view.availablePartitionsForTopic(topic).size() == partitions);
  }

  private void awaitView(String claim, String topic, Predicate<Cluster> holds) {
    Poll.until(
        claim,
        CHANGE_BOUND,
        () ->
            running().stream()
                .map(broker -> BrokerView.of(broker.address(), List.of(topic)))
                .allMatch(view -> view.filter(holds).isPresent()),
        this::logTails);
  }

  private String logTails() {
    return brokers.stream().map(KafkaBroker::logTail).collect(Collectors.joining("\n"));
  }

  private void join(String what, KafkaFuture<?> future) {
    try {
      future.get(CHANGE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot " + what + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "not within " + CHANGE_BOUND + ": " + what + "\n" + logTails(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + what, e);
    }
  }
}
