package io.liiklus.storage.memory;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** All groups that have members. Thread-safe; each group is confined to the memory thread. */
final class MemoryGroups {

  private record Key(String topic, String name) {

    static Key of(MemoryMember member) {
      return new Key(member.request().topic(), member.request().groupName());
    }
  }

  private final MemoryThread thread;
  private final MemoryMember.Parts parts;

  // Memory thread only.
  private final Map<Key, MemoryGroup> groups = new HashMap<>();
  private boolean isAbandoned;

  MemoryGroups(MemoryThread thread, MemoryTopics topics, Duration revokeTimeout) {
    this.thread = thread;
    this.parts = new MemoryMember.Parts(thread, topics, revokeTimeout);
  }

  /**
   * @throws StorageException where the storage is closed
   */
  Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    var member = new MemoryMember(request, listener, parts, this::leave);
    if (!thread.post(() -> onSubscribe(member))) {
      throw new StorageException(Kind.CLOSED, "the records storage is closed");
    }
    return member;
  }

  private void onSubscribe(MemoryMember member) {
    if (isAbandoned) {
      member.abandon();
      return;
    }
    var topic = member.request().topic();
    groups
        .computeIfAbsent(
            Key.of(member), key -> new MemoryGroup(() -> parts.topics().partitions(topic), thread))
        .join(member);
  }

  private boolean leave(MemoryMember member) {
    return thread.post(() -> onLeave(member));
  }

  private void onLeave(MemoryMember member) {
    var key = Key.of(member);
    var group = groups.get(key);
    if (group == null) {
      member.abandon();
      return;
    }
    group.leave(
        member,
        () -> {
          if (group.isEmpty()) {
            groups.remove(key, group);
          }
        });
  }

  /** Notified, on the memory thread, of a topic that has more partitions than before. */
  void onTopicGrown(String topic) {
    // No listener that is called in here can add or remove a group: that is posted.
    groups.forEach(
        (key, group) -> {
          if (key.topic().equals(topic)) {
            group.rebalance();
          }
        });
  }

  /** Memory thread: closes all that is still open. */
  void abandon() {
    isAbandoned = true;
    groups.values().forEach(MemoryGroup::abandon);
    groups.clear();
  }
}
