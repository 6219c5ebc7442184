package io.liiklus.aws.dynamodb;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import java.util.List;

/** Factory of {@link DynamoPositionsStorage}. Immutable. */
public final class DynamoPositionsStorageFactory implements PositionsStorageFactory {

  @Override
  public String type() {
    return "DYNAMODB";
  }

  @Override
  public String settingsRoot() {
    return "dynamodb";
  }

  @Override
  public List<String> configuredBy() {
    return List.of("positionsTable");
  }

  @Override
  public String place(Settings settings) {
    return "%s %s %s"
        .formatted(
            settings.text("endpoint"), settings.text("region"), settings.text("positionsTable"));
  }

  @Override
  public void check(Settings settings) {
    DynamoSettings.read(settings);
  }

  /** Opens without waiting for DynamoDB, nor for credentials. */
  @Override
  public PositionsStorage open(Settings settings, StorageContext context) {
    var read =
        DynamoSettings.read(settings)
            .orElseThrow(() -> new IllegalArgumentException("settings of dynamodb were refused"));
    return DynamoPositionsStorage.open(context.isReadOnly() ? read.readOnly() : read);
  }
}
