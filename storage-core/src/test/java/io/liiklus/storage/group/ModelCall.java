package io.liiklus.storage.group;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A call of a store that is under way. Confined to the test's thread. */
final class ModelCall<T> {
  final ModelGateway gateway;
  final boolean isWrite;
  private final Supplier<T> body;
  final long sentAt;
  final CompletableFuture<T> answer = new CompletableFuture<>();

  /** Whether the store will not answer it, or has not got it. */
  boolean isLost;

  ModelCall(ModelGateway gateway, boolean isWrite, Supplier<T> body, long sentAt) {
    this.gateway = gateway;
    this.isWrite = isWrite;
    this.body = body;
    this.sentAt = sentAt;
  }

  T run() {
    return body.get();
  }

  void fail(String reason) {
    gateway.open.remove(this);
    answer.completeExceptionally(new StorageException(Kind.UNAVAILABLE, reason));
  }
}
