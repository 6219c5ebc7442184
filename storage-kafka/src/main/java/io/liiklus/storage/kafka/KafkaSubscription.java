package io.liiklus.storage.kafka;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.kafka.StartPositions.FirstLook;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group: a thread that waits for the topic, then turns a {@link PollLoop} until it is
 * closed. Thread-safe.
 *
 * <p>A topic that is not there is looked for by the Admin client and not subscribed to: a consumer
 * would ask for it ten times a second and warn each time.
 */
final class KafkaSubscription implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(KafkaSubscription.class);

  private final KafkaSettings settings;
  private final KafkaTopics topics;
  private final SubscriptionRequest request;
  private final SubscriptionListener listener;
  private final String clientId;

  // Any thread.
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile PollLoop loop;

  private KafkaSubscription(
      KafkaSettings settings,
      KafkaTopics topics,
      SubscriptionRequest request,
      SubscriptionListener listener,
      String clientId) {
    this.settings = settings;
    this.topics = topics;
    this.request = request;
    this.listener = listener;
    this.clientId = clientId;
  }

  static KafkaSubscription start(
      KafkaSettings settings,
      KafkaTopics topics,
      SubscriptionRequest request,
      SubscriptionListener listener,
      long number) {
    var subscription =
        new KafkaSubscription(settings, topics, request, listener, "liiklus-" + number);
    var name = "liiklus-poll-" + request.groupName() + "-" + request.topic() + "-" + number;
    var thread = new Thread(subscription::run, name);
    thread.setDaemon(true);
    thread.start();
    return subscription;
  }

  @Override
  public CompletionStage<Void> close() {
    closing.countDown();
    var running = loop;
    if (running != null) {
      running.close();
    }
    return closed;
  }

  private void run() {
    try {
      var firstLook = awaitTopic();
      if (firstLook != null) {
        poll(firstLook);
      }
    } catch (Throwable failure) {
      if (closing.getCount() > 0) {
        log.error(
            "subscription failed, topic={} group={}",
            request.topic(),
            request.groupName(),
            failure);
        listener.onFailed(KafkaFailures.of(failure));
      }
    } finally {
      closed.complete(null);
    }
  }

  private void poll(FirstLook firstLook) throws InterruptedException {
    var consumer = openConsumer();
    if (consumer == null) {
      return;
    }
    loop =
        new PollLoop(
            new PollLoop.Parts(consumer, topics, listener, System::nanoTime),
            new PollLoop.Order(request, firstLook, settings.skipsUnreadable()),
            PollLoop.Bounds.of(settings));
    if (closing.getCount() == 0) {
      loop.close();
    }
    loop.run();
  }

  /** Null when closed before the names of the brokers could be resolved. */
  private KafkaConsumer<ByteBuffer, ByteBuffer> openConsumer() throws InterruptedException {
    while (closing.getCount() > 0) {
      try {
        return new KafkaConsumer<>(settings.clients().consumer(request.groupName(), clientId));
      } catch (KafkaException failure) {
        // The Admin client was made of the same settings, so it is the name service that is away.
        if (!(failure.getCause() instanceof ConfigException)) {
          throw failure;
        }
        log.warn(
            "cannot open a consumer, trying on, topic={} group={} reason={}",
            request.topic(),
            request.groupName(),
            failure.getCause().getMessage());
      }
      if (closing.await(settings.topicCheckInterval().toMillis(), TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    return null;
  }

  /**
   * What there was when this subscription first looked: no partitions where the topic came later.
   * Null when closed before there was a topic.
   */
  private FirstLook awaitTopic() throws InterruptedException {
    boolean isFirst = true;
    boolean isWarned = false;
    while (closing.getCount() > 0) {
      try {
        var found = topics.look(request.topic()).toCompletableFuture().get();
        if (found.isPresent()) {
          var topic = found.get();
          return new FirstLook(topic.topicId(), isFirst ? topic.partitions().size() : 0);
        }
        if (isFirst) {
          isFirst = false;
          log.info(
              "waiting for the topic, topic={} group={}", request.topic(), request.groupName());
        }
      } catch (ExecutionException failure) {
        var known = KafkaFailures.of(failure);
        if (known.kind() != Kind.UNAVAILABLE) {
          throw known;
        }
        if (!isWarned) {
          isWarned = true;
          warnAway(known);
        }
      }
      if (closing.await(settings.topicCheckInterval().toMillis(), TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    return null;
  }

  private void warnAway(StorageException failure) {
    log.warn(
        "cannot look for the topic, trying on, topic={} group={} reason={}",
        request.topic(),
        request.groupName(),
        failure.getMessage());
  }
}
