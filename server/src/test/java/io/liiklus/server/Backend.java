package io.liiklus.server;

import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.SharedRedis;
import java.util.UUID;

/**
 * What a gateway can stand on. Each is started once, when first asked for, and shared by all tests.
 */
@SuppressWarnings("ImmutableEnumChecker") // What is started late is started once.
enum Backend {
  MEMORY {
    @Override
    String[] settings() {
      return new String[] {"--memory.partitions=" + PARTITIONS};
    }

    @Override
    void createTopic(String topic) {
      // The first publish does.
    }
  },
  KAFKA_AND_REDIS {
    @Override
    String[] settings() {
      return new String[] {
        "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
        "--redis.host=" + SharedRedis.server().host(),
        "--redis.port=" + SharedRedis.server().port()
      };
    }

    @Override
    void createTopic(String topic) {
      SharedKafka.cluster().createTopic(topic, PARTITIONS);
    }
  };

  /** How many every topic of a test has. */
  static final int PARTITIONS = 3;

  private Gateway gateway;

  abstract String[] settings();

  abstract void createTopic(String topic);

  synchronized Gateway gateway() {
    if (gateway == null) {
      gateway = Gateway.start(settings());
    }
    return gateway;
  }

  /** A topic that no other test uses, with {@link #PARTITIONS}. */
  String newTopic() {
    var topic = "topic-" + UUID.randomUUID();
    createTopic(topic);
    return topic;
  }
}
