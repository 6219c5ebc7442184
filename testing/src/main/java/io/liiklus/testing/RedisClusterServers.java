package io.liiklus.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Redis Cluster of three masters without replicas, always as processes. Thread-safe. */
public final class RedisClusterServers implements AutoCloseable {

  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;
  private static final Duration JOIN_BOUND = Duration.ofSeconds(30);

  private final List<ProcessRedisServer> masters;

  private RedisClusterServers(List<ProcessRedisServer> masters) {
    this.masters = masters;
  }

  /** Starts a cluster and returns when each of its servers serves all slots. */
  public static RedisClusterServers start() {
    var masters = new ArrayList<ProcessRedisServer>(MASTERS);
    var cluster = new RedisClusterServers(masters);
    try {
      for (int port : FreePorts.pick(MASTERS)) {
        masters.add(ProcessRedisServer.start(port, arguments()));
      }
      cluster.join();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** {@code redis-cluster://host:port,host:port,host:port}. */
  public String uri() {
    return masters.stream()
        .map(master -> master.host() + ":" + master.port())
        .collect(Collectors.joining(",", "redis-cluster://", ""));
  }

  /** The masters, to be taken down and up by a test. */
  public List<RedisServer> masters() {
    return List.copyOf(masters);
  }

  @Override
  public void close() {
    masters.forEach(ProcessRedisServer::close);
  }

  private static List<String> arguments() {
    var arguments = new ArrayList<>(ProcessRedisServer.DURABLE);
    arguments.addAll(List.of("--cluster-enabled", "yes"));
    arguments.addAll(List.of("--cluster-config-file", "nodes.conf"));
    arguments.addAll(List.of("--cluster-node-timeout", "2000"));
    return arguments;
  }

  private void join() {
    var first = masters.get(0);
    for (int number = 0; number < MASTERS; number++) {
      var master = masters.get(number).address();
      // Unequal from the beginning, the epochs need no election among the masters.
      RedisConnection.ask(master, "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(number + 1));
      RedisConnection.ask(master, slotsOf(number));
      RedisConnection.ask(master, "CLUSTER", "MEET", first.host(), Integer.toString(first.port()));
    }
    Poll.until(
        "the masters know each other",
        JOIN_BOUND,
        () -> masters.stream().allMatch(RedisClusterServers::knowsAll),
        () -> masters.stream().map(ProcessRedisServer::logTail).collect(Collectors.joining("\n")));
  }

  private static String[] slotsOf(int number) {
    var words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
    IntStream.range(number * SLOTS / MASTERS, (number + 1) * SLOTS / MASTERS)
        .mapToObj(Integer::toString)
        .forEach(words::add);
    return words.toArray(String[]::new);
  }

  private static boolean knowsAll(ProcessRedisServer master) {
    var info = RedisConnection.ask(master.address(), "CLUSTER", "INFO");
    return info.contains("cluster_state:ok")
        && info.contains("cluster_known_nodes:" + MASTERS)
        && info.contains("cluster_slots_ok:" + SLOTS);
  }
}
