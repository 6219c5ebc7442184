package io.liiklus.positions.redis;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import java.util.List;

/** Factory of {@link RedisPositionsStorage}. Immutable. */
public final class RedisPositionsStorageFactory implements PositionsStorageFactory {

  @Override
  public String type() {
    return "REDIS";
  }

  @Override
  public String settingsRoot() {
    return "redis";
  }

  @Override
  public List<String> configuredBy() {
    return List.of("host", "uri");
  }

  @Override
  public String place(Settings settings) {
    // A login may stand in front of the host.
    var uri = settings.text("uri").replaceAll("//[^/]*@", "//");
    return "%s %s:%s %s"
        .formatted(
            uri,
            settings.text("host"),
            settings.text("port"),
            settings.text("positionsProperties.prefix"));
  }

  @Override
  public void check(Settings settings) {
    RedisSettings.read(settings);
  }

  /** Opens without waiting for Redis, which is looked for in the background. */
  @Override
  public PositionsStorage open(Settings settings, StorageContext context) {
    var read =
        RedisSettings.read(settings)
            .orElseThrow(() -> new IllegalArgumentException("settings of redis were refused"));
    return RedisPositionsStorage.open(read);
  }
}
