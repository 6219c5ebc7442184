package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.PublishReply;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.liiklus.client.PublishQueue.KeyLane;
import java.util.concurrent.CompletableFuture;

/** A record that is not answered. Confined to the loop once it is in the queue. */
final class PendingRecord {

  private final PublishRequest request;
  private final int bytes;
  private final long deadlineNs;
  private final CompletableFuture<PublishReply> answer = new CompletableFuture<>();

  /** Where it waits; null until it is in the queue. */
  KeyLane lane;

  PendingRecord(PublishRequest request, int bytes, long deadlineNs) {
    this.request = request;
    this.bytes = bytes;
    this.deadlineNs = deadlineNs;
  }

  PublishRequest request() {
    return request;
  }

  int bytes() {
    return bytes;
  }

  CompletableFuture<PublishReply> answer() {
    return answer;
  }

  boolean isLate(long nowNs) {
    return deadlineNs - nowNs <= 0;
  }
}
