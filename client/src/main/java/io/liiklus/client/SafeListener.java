package io.liiklus.client;

import io.grpc.Status;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener whose failures end nothing. Thread-safe. */
final class SafeListener implements ClientListener {

  private static final Logger log = LoggerFactory.getLogger(SafeListener.class);

  private final ClientListener listener;

  SafeListener(ClientListener listener) {
    this.listener = listener;
  }

  private void call(Consumer<ClientListener> hook) {
    try {
      hook.accept(listener);
    } catch (RuntimeException failure) {
      log.debug("a listener failed", failure);
    }
  }

  @Override
  public void onPublished(int records) {
    call(hook -> hook.onPublished(records));
  }

  @Override
  public void onPublishRetry(int records, Status reason) {
    call(hook -> hook.onPublishRetry(records, reason));
  }

  @Override
  public void onPublishFailed(int records, Status reason) {
    call(hook -> hook.onPublishFailed(records, reason));
  }

  @Override
  public void onConnected(String name) {
    call(hook -> hook.onConnected(name));
  }

  @Override
  public void onDisconnected(String name, Status reason) {
    call(hook -> hook.onDisconnected(name, reason));
  }

  @Override
  public void onAssigned(String topic, int partition) {
    call(hook -> hook.onAssigned(topic, partition));
  }

  @Override
  public void onRevoked(String topic, int partition) {
    call(hook -> hook.onRevoked(topic, partition));
  }

  @Override
  public void onReceived(String topic, int partition, int records) {
    call(hook -> hook.onReceived(topic, partition, records));
  }

  @Override
  public void onHandled(String topic, int partition, int records) {
    call(hook -> hook.onHandled(topic, partition, records));
  }

  @Override
  public void onHandlerFailed(String topic, int partition, long offset, Throwable failure) {
    call(hook -> hook.onHandlerFailed(topic, partition, offset, failure));
  }

  @Override
  public void onUnreadable(String topic, int partition, long offset, Status reason) {
    call(hook -> hook.onUnreadable(topic, partition, offset, reason));
  }

  @Override
  public void onDeadLetter(String topic, int partition, long offset) {
    call(hook -> hook.onDeadLetter(topic, partition, offset));
  }

  @Override
  public void onAcked(String topic, int partition, long offset) {
    call(hook -> hook.onAcked(topic, partition, offset));
  }
}
