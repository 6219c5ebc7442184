package io.liiklus.client;

import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A running consumer of a group's records; connects again by itself. Thread-safe. */
public final class Consumer implements AutoCloseable {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private static final Status NOT_IN_TIME =
      Status.DEADLINE_EXCEEDED.withDescription(
          "the consumer was closed, and not all of its records were acknowledged in time");

  private final GatewayChannel channel;
  private final ExecutorService handlers;
  private final GroupMember member;
  private final CompletableFuture<Void> ended;

  private Consumer(GatewayChannel channel, ExecutorService handlers, GroupMember member) {
    this.channel = channel;
    this.handlers = handlers;
    this.member = member;
    this.ended = member.ended().whenComplete((done, failure) -> handlers.shutdown());
  }

  static Consumer start(
      ConsumerBuilder options,
      GatewayChannel channel,
      Publisher deadLetters,
      ClientListener listener) {
    var number = new AtomicInteger();
    var name = "liiklus-handler-" + options.subscription().getGroup() + "-";
    var handlers =
        Executors.newFixedThreadPool(
            options.parallelism(),
            task -> {
              var thread = new Thread(task, name + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    var member = new GroupMember(options, channel, handlers, deadLetters, listener);
    channel.execute(member::join);
    return new Consumer(channel, handlers, member);
  }

  /**
   * Completes when the consumer has ended: after {@link #close}, or with the gateway's status where
   * it is refused for good, as without the right to consume.
   */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /**
   * Takes no more records, waits for the handlers that run, and acknowledges what they have done;
   * for {@code 30 s} at the most.
   */
  @Override
  public void close() {
    var unused = close(CLOSE_TIMEOUT);
  }

  /**
   * The same with another bound, after which handlers are interrupted.
   *
   * @return whether all that was handled is acknowledged
   */
  public boolean close(Duration timeout) {
    channel.execute(() -> member.close(Status.OK));
    try {
      ended.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException refused) {
      return false;
    } catch (TimeoutException busy) {
      handlers.shutdownNow();
    }
    channel.execute(() -> member.abandon(NOT_IN_TIME));
    return false;
  }
}
