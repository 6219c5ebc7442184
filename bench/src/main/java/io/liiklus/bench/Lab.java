package io.liiklus.bench;

import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.process.WorkerProcess;
import io.liiklus.bench.report.Figures;
import io.liiklus.bench.worker.Worker;
import io.liiklus.testing.CassandraServer;
import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.RedisServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Servers of a run, each started on first use, and the operations on them. Confined to one thread.
 */
public final class Lab implements AutoCloseable {

  /** Storages of the gateway's positions. */
  public enum Positions {
    MEMORY,
    REDIS,
    KAFKA,
    CASSANDRA,
    DYNAMODB
  }

  /** Where they are in Kafka, by default. */
  public static final String POSITIONS_TOPIC = "liiklus-positions";

  /** Where they are in Cassandra. */
  public static final String CASSANDRA_KEYSPACE = "bench";

  private static final Duration LOAD = Duration.ofMinutes(5);

  /** By how much a client outlasts the one that is measured beside it. */
  private static final int BESIDE_SECONDS = 10;

  private final Options options;
  private final Set<Topic> loaded = new HashSet<>();
  private KafkaCluster kafka;
  private RedisServer redis;
  private PostgresServer postgres;
  private CassandraServer cassandra;
  private DynamoDbServer dynamo;
  private int topics;

  /** Starts nothing yet. */
  public Lab(Options options) {
    this.options = options;
  }

  /** Options of the run. */
  public Options options() {
    return options;
  }

  /** One broker. */
  public KafkaCluster kafka() {
    if (kafka == null) {
      kafka = KafkaCluster.start(1);
    }
    return kafka;
  }

  /** One Redis, which keeps an append-only file. */
  public RedisServer redis() {
    if (redis == null) {
      redis = RedisServer.start();
    }
    return redis;
  }

  /** One PostgreSQL, whose commits are on its disk. */
  public PostgresServer postgres() {
    if (postgres == null) {
      postgres = PostgresServer.start();
    }
    return postgres;
  }

  /** One node of Cassandra; its jars are those of the profile servers. */
  public CassandraServer cassandra() {
    if (cassandra == null) {
      cassandra = CassandraServer.start();
    }
    return cassandra;
  }

  /** One dynalite, which keeps a file. */
  public DynamoDbServer dynamo() {
    if (dynamo == null) {
      dynamo = DynamoDbServer.start();
    }
    return dynamo;
  }

  /** A new and empty topic. */
  public String emptyTopic(int partitions) {
    var name = "bench-empty-" + topics++;
    kafka().createTopic(name, partitions);
    return name;
  }

  /** Fills the topic, unless that was done. */
  public Topic load(Topic topic) {
    if (loaded.add(topic)) {
      kafka().createTopic(topic.name(), topic.partitions());
      var order =
          WorkOrder.of("load")
              .with("brokers", kafka().bootstrapServers())
              .with("topic", topic.name())
              .with("partitions", topic.filled())
              .with("records", topic.records())
              .with("bytes", topic.bytes())
              .with("linger", options.topicLingerMs())
              .with("event", topic.isEvents() ? 1 : 0);
      var unused = run(order, LOAD);
    }
    return topic;
  }

  /** Lets a worker do what it has to, however long that takes within a bound. */
  public void work(WorkOrder order) {
    var unused = run(order, LOAD);
  }

  /** Takes back {@link #load}. */
  public void delete(Topic topic) {
    if (loaded.remove(topic)) {
      kafka().deleteTopic(topic.name());
    }
  }

  /** A gateway that serves, in front of the broker. */
  public GatewayProcess startGateway(Positions positions) {
    return startGateway(positions, "", Map.of());
  }

  /**
   * As {@link #startGateway(Positions)}, for a case that needs more. The options of the run are
   * stronger.
   */
  public GatewayProcess startGateway(
      Positions positions, String javaOptions, Map<String, String> settings) {
    var all = new LinkedHashMap<>(settings);
    all.putAll(settings(positions));
    return start(javaOptions, all);
  }

  /** A gateway that serves, without a broker. The settings of the run are stronger. */
  public GatewayProcess startGateway(Map<String, String> settings) {
    var all = new LinkedHashMap<>(settings);
    all.putAll(options.settings());
    return start("", all);
  }

  private GatewayProcess start(String javaOptions, Map<String, String> settings) {
    var gateway = GatewayProcess.start(javaOptions + " " + options.gatewayOptions(), settings);
    gateway.awaitServing();
    return gateway;
  }

  /** Settings of a gateway in front of the broker. */
  public Map<String, String> settings(Positions positions) {
    var settings = new LinkedHashMap<String, String>();
    settings.put("kafka.bootstrapServers", kafka().bootstrapServers());
    settings.put("storage.positions.type", positions.toString());
    if (positions == Positions.REDIS) {
      settings.put("redis.uri", redis().uri());
    }
    if (positions == Positions.CASSANDRA) {
      settings.put("plugins.dir", "positions-cassandra/target");
      settings.put("plugins.pathMatcher", "liiklus-cassandra.jar");
      settings.put("cassandra.contactPoints", cassandra().contactPoint());
      settings.put("cassandra.keyspace", CASSANDRA_KEYSPACE);
      settings.put("cassandra.createKeyspace", "true");
      settings.put("cassandra.replication", "1");
    }
    if (positions == Positions.DYNAMODB) {
      settings.put("plugins.dir", GatewayProcess.home().resolve("aws/target").toString());
      settings.put("plugins.pathMatcher", "liiklus-aws.jar");
      settings.put("dynamodb.endpoint", dynamo().endpoint());
      settings.put("dynamodb.region", "us-east-1");
      settings.put("dynamodb.positionsTable", "positions");
      settings.put("dynamodb.autoCreateTable", "true");
    }
    settings.putAll(options.settings());
    return settings;
  }

  /** Lets a bare client work. */
  public Figures measureBare(WorkOrder order) {
    return run(timedBare(order), window());
  }

  /** Lets a client work that needs neither a gateway nor a broker. */
  public Figures measure(WorkOrder order) {
    return run(timed(order), window());
  }

  /** Lets a client of the gateway work. */
  public Figures measure(WorkOrder order, GatewayProcess gateway) {
    return measure(order, gateway, Duration.ZERO);
  }

  /** As {@link #measure(WorkOrder, GatewayProcess)}, for work that takes so much more time. */
  public Figures measure(WorkOrder order, GatewayProcess gateway, Duration more) {
    return run(timed(order, gateway), window().plus(more));
  }

  /**
   * Starts a client of the gateway that works for longer than one that is started next, and is
   * measured for no longer.
   */
  public WorkerProcess startBeside(WorkOrder order, GatewayProcess gateway) {
    return startBeside(timed(order, gateway));
  }

  /** As {@link #startBeside(WorkOrder, GatewayProcess)}, for a client of the broker. */
  public WorkerProcess startBareBeside(WorkOrder order) {
    return startBeside(timedBare(order));
  }

  private WorkerProcess startBeside(WorkOrder timed) {
    var longer = timed.with("outlast", BESIDE_SECONDS);
    return WorkerProcess.start(longer, window(), Worker.class.getName());
  }

  private WorkOrder timedBare(WorkOrder order) {
    return timed(order).with("brokers", kafka().bootstrapServers());
  }

  private WorkOrder timed(WorkOrder order, GatewayProcess gateway) {
    return timed(order).with("gateway.port", gateway.port()).with("gateway.pid", gateway.pid());
  }

  private WorkOrder timed(WorkOrder order) {
    return order.with("warm-up", options.warmUpSeconds()).with("seconds", options.seconds());
  }

  private Duration window() {
    return Duration.ofSeconds(options.warmUpSeconds() + options.seconds());
  }

  private static Figures run(WorkOrder order, Duration duration) {
    try (var worker = WorkerProcess.start(order, duration, Worker.class.getName())) {
      return worker.figures();
    }
  }

  @Override
  public void close() {
    if (cassandra != null) {
      cassandra.close();
    }
    if (dynamo != null) {
      dynamo.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    if (redis != null) {
      redis.close();
    }
    if (kafka != null) {
      kafka.close();
    }
  }
}
