package io.liiklus.server.grpc.codec.status;

import io.liiklus.api.GroupId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Operation that a storage refused, with its topic and group, as the first words of the refusal:
 * servers name these in part or not at all. Other failures stay as they are. Immutable.
 */
public final class RefusedOperation {

  private RefusedOperation() {}

  public static Throwable publish(Throwable failure, String topic) {
    return named(failure, () -> "publish to topic " + topic);
  }

  public static Throwable subscribe(Throwable failure, String topic, GroupId group) {
    return named(failure, () -> "subscribe to topic " + topic + " as " + text(group));
  }

  public static Throwable receive(Throwable failure, String topic, GroupId group) {
    return named(failure, () -> "receive from topic " + topic + " as " + text(group));
  }

  public static Throwable ack(Throwable failure, String topic, GroupId group) {
    return named(failure, () -> "store positions of " + text(group) + " in topic " + topic);
  }

  public static Throwable readPositions(Throwable failure, String topic, GroupId group) {
    return named(failure, () -> "read positions of " + text(group) + " in topic " + topic);
  }

  public static Throwable readEndOffsets(Throwable failure, String topic) {
    return named(failure, () -> "read end offsets of topic " + topic);
  }

  private static String text(GroupId group) {
    return group.version() == 0
        ? "group " + group.name()
        : "group %s version %d".formatted(group.name(), group.version());
  }

  private static Throwable named(Throwable failure, Supplier<String> operation) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (!(cause instanceof StorageException refusal) || refusal.kind() != Kind.REFUSED) {
      return failure;
    }
    var text = "not allowed to %s: %s".formatted(operation.get(), refusal.getMessage());
    var named = new StorageException(Kind.REFUSED, text, refusal.getCause());
    return refusal.isNotStored() ? named.asNotStored() : named;
  }
}
