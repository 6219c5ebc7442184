package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceFutureStub;
import com.github.bsideup.liiklus.protocol.PublishBatchReply;
import com.github.bsideup.liiklus.protocol.PublishBatchRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.faults.deployment.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Records that clients publish all at once, without waiting for an answer. The value is an id that
 * no other record has, and padding behind a blank. Thread-safe.
 */
public final class Flood implements AutoCloseable {

  /**
   * Records of each client.
   *
   * @param calls how many
   * @param batch how many records each has; 0: one, by the call for one
   * @param deadline of each call
   */
  public record Plan(String topic, int calls, int batch, int valueBytes, Duration deadline) {}

  private static final int KEYS = 64;
  private static final Duration BOUND = Duration.ofMinutes(3);

  private static final Metadata.Key<String> STORED =
      Metadata.Key.of("liiklus-stored", Metadata.ASCII_STRING_MARSHALLER);

  private final String name = UUID.randomUUID().toString();
  private final Plan plan;
  private final List<Connection> connections = new ArrayList<>();
  private final CountDownLatch open;
  private final Map<Status.Code, Integer> outcomes = new ConcurrentHashMap<>();
  private final Set<String> notStored = ConcurrentHashMap.newKeySet();
  private int ids; // Confined to the thread that begins the calls.

  private Flood(Plan plan, List<Address> clients) {
    this.plan = plan;
    this.open = new CountDownLatch(plan.calls() * clients.size());
    clients.stream().map(Connection::to).forEach(connections::add);
  }

  /**
   * Begins all calls.
   *
   * @param clients where each of them connects to
   */
  public static Flood begin(Plan plan, List<Address> clients) {
    var flood = new Flood(plan, clients);
    for (int i = 0; i < plan.calls(); i++) {
      for (var connection : flood.connections) {
        flood.call(connection.futures(plan.deadline()));
      }
    }
    return flood;
  }

  private void call(LiiklusServiceFutureStub client) {
    if (plan.batch() == 0) {
      var id = nextId();
      follow(client.publish(request(id)), reply -> count(Status.Code.OK), List.of(id));
      return;
    }
    var batch = PublishBatchRequest.newBuilder();
    var sent = new ArrayList<String>();
    for (int i = 0; i < plan.batch(); i++) {
      sent.add(nextId());
      batch.addRequests(request(sent.get(i)));
    }
    follow(client.publishBatch(batch.build()), reply -> count(reply, sent), sent);
  }

  private String nextId() {
    return name + "-" + ids++;
  }

  private PublishRequest request(String id) {
    return PublishRequest.newBuilder()
        .setTopic(plan.topic())
        .setKey(ByteString.copyFromUtf8("key-" + ids % KEYS))
        .setValue(ByteString.copyFromUtf8(id + " " + "x".repeat(plan.valueBytes())))
        .build();
  }

  private <T> void follow(ListenableFuture<T> call, Consumer<T> onReply, List<String> sent) {
    var callback =
        new FutureCallback<T>() {
          @Override
          public void onSuccess(T reply) {
            onReply.accept(reply);
            open.countDown();
          }

          @Override
          public void onFailure(Throwable failure) {
            sent.forEach(id -> count(Status.fromThrowable(failure).getCode()));
            if (failure instanceof StatusRuntimeException told
                && told.getTrailers() != null
                && "no".equals(told.getTrailers().get(STORED))) {
              notStored.addAll(sent);
            }
            open.countDown();
          }
        };
    Futures.addCallback(call, callback, Runnable::run);
  }

  private void count(PublishBatchReply reply, List<String> sent) {
    for (int i = 0; i < sent.size(); i++) {
      var error = reply.getResults(i).getError();
      count(Status.fromCodeValue(error.getCode()).getCode());
      if (error.getNotStored()) {
        notStored.add(sent.get(i));
      }
    }
  }

  private void count(Status.Code code) {
    outcomes.merge(code, 1, Integer::sum);
  }

  /** Number of published records. */
  public int records() {
    return ids;
  }

  /** Number of records by status, once all have one. */
  public Map<Status.Code, Integer> awaitOutcomes() throws InterruptedException {
    if (!open.await(BOUND.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("calls are open after " + BOUND + ": " + open.getCount());
    }
    return outcomes;
  }

  /** The ids of records of which the gateway said that they are surely not stored. */
  public Set<String> notStored() {
    return notStored;
  }

  @Override
  public void close() {
    connections.forEach(Connection::close);
  }
}
