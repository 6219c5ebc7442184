package io.liiklus.faults.deployment;

import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.RedisServer;
import io.liiklus.testing.TcpRelay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Three brokers, a Redis behind a relay, a PostgreSQL, Cassandra or DynamoDB, and two gateways that
 * keep positions in one of these; or two gateways on a PostgreSQL that has all. Thread-safe, but
 * one thread at a time should break it.
 */
public final class Deployment implements AutoCloseable {

  /** Where the gateways keep positions. */
  public enum Positions {
    REDIS,
    KAFKA,
    SQL,
    CASSANDRA,
    DYNAMODB
  }

  /** Of a topic that a gateway on PostgreSQL creates. */
  private static final int SQL_PARTITIONS = 6;

  private static final int BROKERS = 3;
  private static final int GATEWAYS = 2;

  /** Topics are compacted as soon as they may be. */
  private static final Map<String, String> BROKER_PROPERTIES =
      Map.of("log.cleaner.backoff.ms", "500");

  /** A client that is gone without a word is found out after 7 s instead of 40 s. */
  private static final List<String> KEEP_ALIVE =
      List.of("--grpc.keepAliveTime=5s", "--grpc.keepAliveTimeout=2s");

  private final Release release;
  private final KafkaCluster kafka;
  private final RedisServer redis;
  private final TcpRelay redisRelay;
  private final PostgresPair postgres;
  private final CassandraNodes cassandra;
  private final DynamoPositions dynamo;
  private final Positions positions;
  private final boolean ownsServers;
  private final List<Gateway> gateways = new ArrayList<>();

  private Deployment(Positions positions) {
    this.release = Release.layOut();
    this.kafka = KafkaCluster.start(BROKERS, BROKER_PROPERTIES);
    this.redis = RedisServer.start();
    this.redisRelay = TcpRelay.start(redis.host(), redis.port());
    this.postgres = positions == Positions.SQL ? PostgresPair.start() : null;
    this.cassandra = cassandra(positions);
    this.dynamo = dynamo(positions);
    this.positions = positions;
    this.ownsServers = true;
  }

  private Deployment(Deployment other, Positions positions) {
    this.release = other.release;
    this.kafka = other.kafka;
    this.redis = other.redis;
    this.redisRelay = other.redisRelay;
    this.postgres = other.postgres;
    this.cassandra = cassandra(positions);
    this.dynamo = dynamo(positions);
    this.positions = positions;
    this.ownsServers = false;
  }

  private Deployment(PostgresPair postgres) {
    this.release = Release.layOut();
    this.kafka = null;
    this.redis = null;
    this.redisRelay = null;
    this.postgres = postgres;
    this.cassandra = null;
    this.dynamo = null;
    this.positions = Positions.SQL;
    this.ownsServers = true;
  }

  /** Of this deployment alone, be it beside another. */
  private static CassandraNodes cassandra(Positions positions) {
    return positions == Positions.CASSANDRA ? CassandraNodes.start() : null;
  }

  /** The same. */
  private static DynamoPositions dynamo(Positions positions) {
    return positions == Positions.DYNAMODB ? DynamoPositions.start() : null;
  }

  /** Without brokers and Redis; returns when both gateways serve. */
  public static Deployment onPostgres() {
    return new Deployment(PostgresPair.start()).launched("gateway-sql-");
  }

  /** Returns when both gateways serve. */
  public static Deployment start(Positions positions) {
    return new Deployment(positions).launched("gateway-");
  }

  /**
   * Two more gateways in front of the same servers, which outlive them; returns when they serve.
   */
  public Deployment beside(Positions kept) {
    return new Deployment(this, kept).launched("gateway-" + kept + "-");
  }

  private Deployment launched(String names) {
    try {
      for (int number = 1; number <= GATEWAYS; number++) {
        var gateway =
            kafka == null
                ? gatewayOn(names + number, postgres.url())
                : gateway(names + number, kafka.bootstrapServers());
        gateways.add(gateway);
        gateway.launch();
      }
      gateways.forEach(gateway -> gateway.awaitHealth("/health"));
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Where its gateways keep positions. */
  public Positions positions() {
    return positions;
  }

  /**
   * One more gateway, not started, and not closed by this deployment.
   *
   * @param more settings, as {@code --key=value}
   */
  public Gateway gateway(String name, String bootstrapServers, String... more) {
    var settings = new ArrayList<>(KEEP_ALIVE);
    settings.add("--kafka.bootstrapServers=" + bootstrapServers);
    // New partitions and topics are found at this age: the default of 30 s is to wait for.
    settings.add("--kafka.properties.metadata.max.age.ms=3000");
    if (positions == Positions.REDIS) {
      settings.add("--redis.host=" + redisRelay.host());
      settings.add("--redis.port=" + redisRelay.port());
    }
    if (positions == Positions.SQL) {
      // Else both were configured for them.
      settings.add("--storage.records.type=KAFKA");
      addSql(settings, postgres.url());
    }
    if (positions == Positions.CASSANDRA) {
      settings.addAll(cassandra.settings());
    }
    if (positions == Positions.DYNAMODB) {
      settings.addAll(dynamo.settings());
    }
    settings.addAll(List.of(more));
    return new Gateway(name, release, settings);
  }

  /** As {@link #gateway}, on the PostgreSQL of a URL. */
  public Gateway gatewayOn(String name, String url) {
    var settings = new ArrayList<>(KEEP_ALIVE);
    addSql(settings, url);
    settings.add("--sql.partitions=" + SQL_PARTITIONS);
    return new Gateway(name, release, settings);
  }

  private static void addSql(List<String> settings, String url) {
    settings.add("--sql.url=" + url);
    settings.add("--sql.user=" + PostgresServer.USER);
    settings.add("--sql.password=" + PostgresServer.PASSWORD);
  }

  /** Creates a topic, unless the first publish does. */
  public void createTopic(String topic, int partitions) {
    if (kafka != null) {
      kafka.createTopic(topic, partitions);
    } else if (partitions != SQL_PARTITIONS) {
      throw new IllegalArgumentException("topics have " + SQL_PARTITIONS + " partitions");
    }
  }

  /** The built release. */
  public Release release() {
    return release;
  }

  /** Null where neither records nor positions are in it. */
  public PostgresPair postgres() {
    return postgres;
  }

  /** Null where records are elsewhere. */
  public KafkaCluster kafka() {
    return kafka;
  }

  public RedisServer redis() {
    return redis;
  }

  /** Null where positions are elsewhere. */
  public CassandraNodes cassandra() {
    return cassandra;
  }

  /** Null where positions are elsewhere. */
  public DynamoPositions dynamo() {
    return dynamo;
  }

  /** Between the gateways and what has the positions, where there is one. */
  public Optional<TcpRelay> positionsRelay() {
    return switch (positions) {
      case REDIS -> Optional.of(redisRelay);
      case CASSANDRA -> Optional.of(cassandra.relay());
      case DYNAMODB -> Optional.of(dynamo.relay());
      case SQL, KAFKA -> Optional.empty();
    };
  }

  /** What has the positions, where Kafka has the records alone. */
  public PositionsServer positionsServer() {
    return switch (positions) {
      case REDIS -> PositionsServer.of(redis);
      case SQL -> PositionsServer.of(postgres.primary());
      case CASSANDRA -> cassandra.server();
      case DYNAMODB -> PositionsServer.of(dynamo.server());
      case KAFKA -> throw new IllegalStateException("the brokers have the positions too");
    };
  }

  public List<Gateway> gateways() {
    return gateways;
  }

  /** Addresses of the gateways for clients. */
  public List<Address> addresses() {
    return gateways.stream().map(Gateway::address).toList();
  }

  public Gateway gateway(int number) {
    return gateways.get(number - 1);
  }

  @Override
  public void close() {
    gateways.forEach(Gateway::close);
    if (cassandra != null) {
      cassandra.close();
    }
    if (dynamo != null) {
      dynamo.close();
    }
    if (!ownsServers) {
      return;
    }
    if (postgres != null) {
      postgres.close();
    }
    if (kafka != null) {
      redisRelay.close();
      redis.close();
      kafka.close();
    }
  }
}
