package io.liiklus.server;

import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;

class MemoryConsumeIT extends ConsumeContract {

  @Override
  Gateway gateway() {
    return Backend.MEMORY.gateway();
  }

  @Override
  String[] settings() {
    return null;
  }

  @Override
  String newTopic() {
    return Backend.MEMORY.newTopic();
  }
}
