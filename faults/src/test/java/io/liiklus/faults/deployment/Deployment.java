package io.liiklus.faults.deployment;

import io.liiklus.testing.KafkaCluster;
import io.liiklus.testing.RedisServer;
import io.liiklus.testing.TcpRelay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Three brokers, a Redis behind a relay, and two gateways that keep positions in one of these.
 * Thread-safe, but one thread at a time should break it.
 */
public final class Deployment implements AutoCloseable {

  /** Where the gateways keep positions. */
  public enum Positions {
    REDIS,
    KAFKA
  }

  private static final int BROKERS = 3;
  private static final int GATEWAYS = 2;

  /** Topics are compacted as soon as they may be. */
  private static final Map<String, String> BROKER_PROPERTIES =
      Map.of("log.cleaner.backoff.ms", "500");

  private final Release release;
  private final KafkaCluster kafka;
  private final RedisServer redis;
  private final TcpRelay redisRelay;
  private final Positions positions;
  private final boolean ownsServers;
  private final List<Gateway> gateways = new ArrayList<>();

  private Deployment(Positions positions) {
    this.release = Release.layOut();
    this.kafka = KafkaCluster.start(BROKERS, BROKER_PROPERTIES);
    this.redis = RedisServer.start();
    this.redisRelay = TcpRelay.start(redis.host(), redis.port());
    this.positions = positions;
    this.ownsServers = true;
  }

  private Deployment(Deployment other, Positions positions) {
    this.release = other.release;
    this.kafka = other.kafka;
    this.redis = other.redis;
    this.redisRelay = other.redisRelay;
    this.positions = positions;
    this.ownsServers = false;
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
        var gateway = gateway(names + number, kafka.bootstrapServers());
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
    var settings =
        new ArrayList<String>(
            List.of(
                "--kafka.bootstrapServers=" + bootstrapServers,
                // New partitions and topics are found at this age: the default of 30 s is to wait
                // for.
                "--kafka.properties.metadata.max.age.ms=3000",
                // A client that is gone without a word is found out after 7 s instead of 40 s.
                "--grpc.keepAliveTime=5s",
                "--grpc.keepAliveTimeout=2s"));
    if (positions == Positions.REDIS) {
      settings.add("--redis.host=" + redisRelay.host());
      settings.add("--redis.port=" + redisRelay.port());
    }
    settings.addAll(List.of(more));
    return new Gateway(name, release, settings);
  }

  /** The built release. */
  public Release release() {
    return release;
  }

  public KafkaCluster kafka() {
    return kafka;
  }

  public RedisServer redis() {
    return redis;
  }

  /** Between the gateways and Redis. */
  public TcpRelay redisRelay() {
    return redisRelay;
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
    if (ownsServers) {
      redisRelay.close();
      redis.close();
      kafka.close();
    }
  }
}
