package io.liiklus.server.settings;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Factories under the names of the real ones, so that settings are tested without any server. */
public final class TestStorages {

  private TestStorages() {}

  /** A class path that has these factories and their keys, beside the gateway's own. */
  static ClassLoader classPath() {
    return new ClassPath(TestStorages.class.getClassLoader());
  }

  private static final class ClassPath extends ClassLoader {

    private ClassPath(ClassLoader parent) {
      super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return switch (name) {
        case "reference.conf" -> both(ownReference(), resource("storages.conf"));
        case "META-INF/services/io.liiklus.api.RecordsStorageFactory" ->
            Collections.enumeration(List.of(resource("records.services")));
        case "META-INF/services/io.liiklus.api.PositionsStorageFactory" ->
            Collections.enumeration(List.of(resource("positions.services")));
        default -> super.getResources(name);
      };
    }

    private static Enumeration<URL> both(URL one, URL other) {
      return Collections.enumeration(List.of(one, other));
    }

    private static URL resource(String name) {
      return TestStorages.class.getResource(name);
    }

    private static URL ownReference() throws IOException {
      var classes = Configuration.class.getProtectionDomain().getCodeSource().getLocation();
      return new URL(classes, "reference.conf");
    }
  }

  /** As {@code MEMORY}. */
  public static final class MemoryRecords implements RecordsStorageFactory {

    @Override
    public String type() {
      return "MEMORY";
    }

    @Override
    public String settingsRoot() {
      return "memory";
    }

    @Override
    public boolean isDurable() {
      return false;
    }

    @Override
    public void check(Settings settings) {
      settings.integer("partitions", 1, 10_000);
      settings.bytes("maxBytesPerPartition", 1024, 1L << 40);
    }

    @Override
    public RecordsStorage open(Settings settings, StorageContext context) {
      return new Records();
    }
  }

  /** As {@code KAFKA}. */
  public static final class KafkaRecords implements RecordsStorageFactory {

    @Override
    public String type() {
      return "KAFKA";
    }

    @Override
    public String settingsRoot() {
      return "kafka";
    }

    @Override
    public List<String> configuredBy() {
      return List.of("bootstrapServers");
    }

    @Override
    public void check(Settings settings) {
      if (settings.text("bootstrapServers").isEmpty()) {
        settings.refuse("bootstrapServers", "is empty");
      }
      if (settings.map("properties").containsKey("acks")) {
        settings.warn("properties.acks", "is set by the gateway");
      }
      settings.bytes("prefetch", 16_384, 1 << 30);
    }

    @Override
    public RecordsStorage open(Settings settings, StorageContext context) {
      if (settings.flag("refuseAtOpen")) {
        settings.refuse("refuseAtOpen", "is refused late");
      }
      return new Records();
    }
  }

  /** As {@code KAFKA}: no key configures it. */
  public static final class KafkaPositions implements PositionsStorageFactory {

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
      if (settings.text("bootstrapServers").isEmpty()) {
        settings.refuse("bootstrapServers", "is empty");
      }
    }

    @Override
    public PositionsStorage open(Settings settings, StorageContext context) {
      throw new UnsupportedOperationException();
    }
  }

  /** As {@code MEMORY}. */
  public static final class MemoryPositions implements PositionsStorageFactory {

    @Override
    public String type() {
      return "MEMORY";
    }

    @Override
    public String settingsRoot() {
      return "memory";
    }

    @Override
    public boolean isDurable() {
      return false;
    }

    @Override
    public void check(Settings settings) {}

    @Override
    public PositionsStorage open(Settings settings, StorageContext context) {
      throw new UnsupportedOperationException();
    }
  }

  /** As {@code REDIS}. */
  public static final class RedisPositions implements PositionsStorageFactory {

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
    public void check(Settings settings) {
      settings.integer("port", 1, 65_535);
      if (settings.text("positionsProperties.prefix").isEmpty()) {
        settings.refuse("positionsProperties.prefix", "is empty");
      }
    }

    @Override
    public PositionsStorage open(Settings settings, StorageContext context) {
      throw new UnsupportedOperationException();
    }
  }

  /** As {@code SQL}. */
  public static final class SqlRecords implements RecordsStorageFactory {

    @Override
    public String type() {
      return "SQL";
    }

    @Override
    public String settingsRoot() {
      return "sql";
    }

    @Override
    public List<String> configuredBy() {
      return List.of("url");
    }

    @Override
    public void check(Settings settings) {
      settings.integer("partitions", 1, 10_000);
    }

    @Override
    public RecordsStorage open(Settings settings, StorageContext context) {
      return new Records();
    }
  }

  /** As {@code SQL}. */
  public static final class SqlPositions implements PositionsStorageFactory {

    @Override
    public String type() {
      return "SQL";
    }

    @Override
    public String settingsRoot() {
      return "sql";
    }

    @Override
    public List<String> configuredBy() {
      return List.of("url");
    }

    @Override
    public void check(Settings settings) {}

    @Override
    public PositionsStorage open(Settings settings, StorageContext context) {
      throw new UnsupportedOperationException();
    }
  }

  /** Holds nothing. */
  private static final class Records implements RecordsStorage {

    @Override
    public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long maxRecordBytes() {
      return 1024 * 1024;
    }

    @Override
    public CompletionStage<Void> check() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
