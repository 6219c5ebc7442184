package io.liiklus.storage.kafka.positions;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;

/**
 * Makes {@link KafkaPositionsStorage}. No key configures it: {@code kafka.bootstrapServers} says
 * where records are, and positions are there too where nothing else is configured for them.
 * Immutable.
 */
public final class KafkaPositionsStorageFactory implements PositionsStorageFactory {

  @Override
  public String type() {
    return "KAFKA";
  }

  @Override
  public String settingsRoot() {
    return "kafka";
  }

  @Override
  public String place(Settings settings) {
    return settings.text("bootstrapServers") + " " + settings.text("positions.topic");
  }

  @Override
  public void check(Settings settings) {
    PositionsSettings.read(settings, StorageContext.NONE);
  }

  /** Opens without waiting for Kafka, which is looked for in the background. */
  @Override
  public PositionsStorage open(Settings settings, StorageContext context) {
    return KafkaPositionsStorage.open(PositionsSettings.read(settings, context));
  }
}
