package io.liiklus.storage.memory;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** All topics, by name. Thread-safe. */
final class MemoryTopics {

  private final MemorySettings settings;
  private final Map<String, MemoryTopic> topics = new ConcurrentHashMap<>();
  private final Consumer<String> onGrown;

  /**
   * @param onGrown notified, on any thread, of a topic that has more partitions than before
   */
  MemoryTopics(MemorySettings settings, Consumer<String> onGrown) {
    this.settings = settings;
    this.onGrown = onGrown;
  }

  /** Null where there is none. */
  MemoryTopic find(String name) {
    return topics.get(name);
  }

  Set<String> names() {
    return Set.copyOf(topics.keySet());
  }

  /** Number of a topic's partitions; 0 where there is no such topic. */
  int partitions(String name) {
    var topic = topics.get(name);
    return topic == null ? 0 : topic.partitions();
  }

  /**
   * @throws StorageException where there is no such topic and no room for one more
   */
  MemoryTopic findOrCreate(String name) {
    var topic = topics.get(name);
    return topic == null ? growTo(name, settings.partitions()) : topic;
  }

  /**
   * Creates the topic, or adds to its partitions until it has as many.
   *
   * @throws StorageException where there is no such topic and no room for one more
   */
  MemoryTopic growTo(String name, int partitions) {
    MemoryTopic topic;
    synchronized (this) {
      topic = topics.get(name);
      if (topic == null && topics.size() >= settings.maxTopics()) {
        throw new StorageException(
            Kind.EXHAUSTED,
            "topic "
                + name
                + " was not created: memory.maxTopics = "
                + settings.maxTopics()
                + " topics are there");
      }
      if (topic == null) {
        topic = new MemoryTopic(name, partitions, settings.maxBytesPerPartition());
        topics.put(name, topic);
      } else {
        topic.growTo(partitions);
      }
    }
    onGrown.accept(name);
    return topic;
  }
}
