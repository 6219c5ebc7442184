package io.liiklus.server;

import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;

class KafkaConsumeIT extends ConsumeContract {

  @Override
  Gateway gateway() {
    return Backend.KAFKA_AND_REDIS.gateway();
  }

  @Override
  String[] settings() {
    return Backend.KAFKA_AND_REDIS.settings();
  }

  @Override
  String newTopic() {
    return Backend.KAFKA_AND_REDIS.newTopic();
  }
}
