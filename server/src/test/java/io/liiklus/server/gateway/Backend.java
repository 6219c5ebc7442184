package io.liiklus.server.gateway;

import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.SharedRedis;
import java.util.UUID;

/**
 * What a gateway can stand on. Each is started once, when first asked for, and shared by all tests.
 */
@SuppressWarnings("ImmutableEnumChecker") // What is started late is started once.
public enum Backend {
  MEMORY {
    @Override
    public String[] settings() {
      return new String[] {"--storage.records.type=MEMORY", "--memory.partitions=" + PARTITIONS};
    }

    @Override
    public void createTopic(String topic) {
      // The first publish does.
    }
  },
  KAFKA_AND_REDIS {
    @Override
    public String[] settings() {
      return new String[] {
        "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
        "--redis.host=" + SharedRedis.server().host(),
        "--redis.port=" + SharedRedis.server().port()
      };
    }

    @Override
    public void createTopic(String topic) {
      SharedKafka.cluster().createTopic(topic, PARTITIONS);
    }
  };

  /** How many every topic of a test has. */
  public static final int PARTITIONS = 3;

  private Gateway gateway;

  public abstract String[] settings();

  public abstract void createTopic(String topic);

  public synchronized Gateway gateway() {
    if (gateway == null) {
      gateway = Gateway.start(settings());
    }
    return gateway;
  }

  /** A topic that no other test uses, with {@link #PARTITIONS}. */
  public String newTopic() {
    var topic = "topic-" + UUID.randomUUID();
    createTopic(topic);
    return topic;
  }
}
