package io.liiklus.storage.kafka;

import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.read.CpuTargetThrottle;

/** Makes {@link KafkaRecordsStorage}. Immutable. */
public final class KafkaRecordsStorageFactory implements RecordsStorageFactory {

  @Override
  public String type() {
    return "KAFKA";
  }

  @Override
  public String settingsRoot() {
    return "kafka";
  }

  @Override
  public void check(Settings settings) {
    KafkaSettings.read(settings);
  }

  @Override
  public RecordsStorage open(Settings settings) {
    return KafkaRecordsStorage.open(KafkaSettings.read(settings), CpuTargetThrottle.Load::now);
  }
}
