package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceStub;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.stub.StreamObserver;
import io.liiklus.bench.process.CpuTime;
import io.liiklus.bench.process.JvmProbe;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Figures;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Many subscriptions, opened one after the other and each in a group of its own, with a Receive
 * call for each partition, or as one Consume; measures their cost to the gateway while nothing
 * happens. Immutable.
 */
final class GatewayIdle implements Work {

  /** For those that still wait when the last has been opened. */
  private static final int ASSIGNED_SECONDS = 300;

  @Override
  public Figures run(WorkOrder order) throws Exception {
    int count = order.number("subscriptions");
    long pid = order.number("gateway.pid");
    var stub = LiiklusServiceGrpc.newStub(GatewayChannel.open(order));
    var failure = new CompletableFuture<Void>();
    var before = JvmProbe.of(pid);
    var assigned = new CountDownLatch(count * order.number("partitions"));
    var run = UUID.randomUUID();
    for (int i = 0; i < count && !failure.isDone(); i++) {
      var group = "bench-" + i + "-" + run;
      if (order.number("consume", 0) == 1) {
        var requests = stub.consume(new Consumed(assigned, failure));
        requests.onNext(
            ConsumeRequest.newBuilder()
                .setStart(ConsumeStart.newBuilder().setTopic(order.text("topic")).setGroup(group))
                .build());
      } else {
        stub.subscribe(
            SubscribeRequest.newBuilder().setTopic(order.text("topic")).setGroup(group).build(),
            new Assignments(stub, assigned, failure));
      }
      TimeUnit.MICROSECONDS.sleep(1_000_000 / order.number("ramp"));
    }
    if (!failure.isDone() && !assigned.await(ASSIGNED_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still to be assigned: " + assigned.getCount());
    }
    TimeUnit.SECONDS.sleep(order.number("warm-up"));
    long cpuNs = CpuTime.ofProcessNs(pid);
    TimeUnit.SECONDS.sleep(order.number("seconds"));
    cpuNs = CpuTime.ofProcessNs(pid) - cpuNs;
    var after = JvmProbe.of(pid);
    if (failure.isDone()) {
      failure.get();
    }
    return new Cost(before, after, cpuNs / 1e3 / order.number("seconds")).figures(count);
  }

  /** Cost of all of them together. Immutable. */
  private record Cost(JvmProbe.Footprint before, JvmProbe.Footprint after, double cpuUsPerSecond) {

    Figures figures(double count) {
      return Figures.of("subscriptions", count)
          .with("heap KB/subscription", (after.heapKb() - before.heapKb()) / count)
          .with("RSS KB/subscription", (after.rssKb() - before.rssKb()) / count)
          .with("threads/subscription", (after.threads() - before.threads()) / count)
          .with("CPU us/s/subscription", cpuUsPerSecond / count)
          .with("CPU %", cpuUsPerSecond / 1e4)
          .with("heap MB", after.heapKb() / 1e3)
          .with("RSS MB", after.rssKb() / 1e3)
          .with("threads", (double) after.threads());
    }
  }

  /** Receives each partition that it is given. Thread-safe. */
  private record Assignments(
      LiiklusServiceStub stub, CountDownLatch assigned, CompletableFuture<Void> failure)
      implements StreamObserver<SubscribeReply> {
    @Override
    public void onNext(SubscribeReply reply) {
      var request = ReceiveRequest.newBuilder().setAssignment(reply.getAssignment()).build();
      stub.receive(request, new Nothing(failure));
      assigned.countDown();
    }

    @Override
    public void onError(Throwable cause) {
      failure.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
      failure.completeExceptionally(new IllegalStateException("Subscribe has ended"));
    }
  }

  /** Expects partitions and no record. Thread-safe. */
  private record Consumed(CountDownLatch assigned, CompletableFuture<Void> failure)
      implements StreamObserver<ConsumeReply> {
    @Override
    public void onNext(ConsumeReply reply) {
      reply.getAssigned().getPartitionsList().forEach(partition -> assigned.countDown());
      if (reply.hasRecords()) {
        failure.completeExceptionally(new IllegalStateException("a record in an empty topic"));
      }
    }

    @Override
    public void onError(Throwable cause) {
      failure.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
      failure.completeExceptionally(new IllegalStateException("Consume has ended"));
    }
  }

  /** Expects no record. Thread-safe. */
  private record Nothing(CompletableFuture<Void> failure) implements StreamObserver<ReceiveReply> {
    @Override
    public void onNext(ReceiveReply reply) {
      failure.completeExceptionally(new IllegalStateException("a record in an empty topic"));
    }

    @Override
    public void onError(Throwable cause) {
      failure.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
      failure.completeExceptionally(new IllegalStateException("Receive has ended"));
    }
  }
}
