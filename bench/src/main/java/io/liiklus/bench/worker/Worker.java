package io.liiklus.bench.worker;

import io.grpc.Status;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.process.WorkerProcess;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Entry of a worker: the kind of work, then {@code NAME=VALUE} for each of its values. Immutable.
 */
public final class Worker {

  private static final Map<String, Work> WORKS =
      Map.ofEntries(
          Map.entry("load", new Load()),
          Map.entry("load-positions", new LoadPositions()),
          Map.entry("feed", new Feed()),
          Map.entry("bare-receive", new BareReceive()),
          Map.entry("gateway-receive", new GatewayReceive()),
          Map.entry("gateway-consume", new GatewayConsume()),
          Map.entry("bare-publish", new BarePublish()),
          Map.entry("gateway-publish", new GatewayPublish()),
          Map.entry("bare-latency", new BareLatency()),
          Map.entry("gateway-latency", new GatewayLatency()),
          Map.entry("bare-first", new BareFirst()),
          Map.entry("gateway-first", new GatewayFirst()),
          Map.entry("gateway-ack", new GatewayAck()),
          Map.entry("cassandra-ack", new CassandraAck()),
          Map.entry("gateway-idle", new GatewayIdle()),
          Map.entry("gateway-feed", new GatewayFeed()),
          Map.entry("dynamo-update", new DynamoUpdate()),
          Map.entry("jdbc-publish", new JdbcPublish()),
          Map.entry("jdbc-receive", new JdbcReceive()),
          Map.entry("jdbc-latency", new JdbcLatency()));

  private Worker() {}

  /** Does the work and ends the process. */
  public static void main(String[] args) {
    int code = 1;
    try {
      var order = WorkOrder.parse(args);
      var work = WORKS.get(order.kind());
      if (work == null) {
        throw new IllegalArgumentException("no such work: " + order.kind());
      }
      System.out.println(work.run(order).toJson());
      code = 0;
    } catch (Exception failure) {
      var cause = failure instanceof ExecutionException ? failure.getCause() : failure;
      cause.printStackTrace();
      if (Status.fromThrowable(cause).getCode() == Status.Code.UNIMPLEMENTED) {
        code = WorkerProcess.NOT_SUPPORTED;
      }
    }
    System.out.flush();
    // Clients may be busy still: the measurement is over.
    Runtime.getRuntime().halt(code);
  }
}
