package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.ConsumeReply;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import io.grpc.Status;
import io.liiklus.server.gateway.ConsumeStream;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.LogWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A gateway with many consumers that shuts down. */
class ConsumeDrainIT {

  private static final int CONSUMERS = 1_000;
  private static final int CHANNELS = 10;

  /** The graces of all together, one after the other, would be half an hour and more. */
  private static final int MOST_SECONDS = 20;

  @Test
  void gracesOfAllConsumers_runAtOnce() throws Exception {
    try (var log = new LogWatch()) {
      var gateway =
          Gateway.start(
              "--memory.partitions=1",
              "--memory.groups.revokeTimeout=6s",
              "--consume.revokeGrace=3s",
              "--sessions.max=" + CONSUMERS);
      var clients = new ArrayList<GatewayClient>();
      for (int i = 0; i < CHANNELS; i++) {
        clients.add(new GatewayClient(gateway.port()));
      }
      clients.get(0).publish("topic", "key", "value");
      var streams = new ArrayList<ConsumeStream>();
      for (int i = 0; i < CONSUMERS; i++) {
        var start = ConsumeStart.newBuilder().setTopic("topic").setGroup("group-" + i).build();
        streams.add(ConsumeStream.open(clients.get(i % CHANNELS).channel(), start));
      }
      for (var stream : streams) {
        stream.take(1);
      }

      long startNs = System.nanoTime();
      var closing = CompletableFuture.runAsync(gateway::close);
      drain(streams);
      double seconds = (System.nanoTime() - startNs) / 1e9;

      System.out.printf("%d consumers were drained in %.1f s%n", CONSUMERS, seconds);
      assertThat(seconds).isLessThan(MOST_SECONDS);
      clients.forEach(GatewayClient::close);
      closing.get(GatewayClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      log.requireQuiet();
    }
  }

  /** Every other client acks its record; the others say nothing until their grace is over. */
  private static void drain(List<ConsumeStream> streams) {
    for (int i = 0; i < streams.size(); i++) {
      streams.get(i).next(ConsumeReply::hasRevoking);
      if (i % 2 == 0) {
        streams.get(i).ackUpTo(0, 0);
      }
    }
    for (int i = 0; i < streams.size(); i++) {
      var stream = streams.get(i);
      assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(stream.others().stream().anyMatch(ConsumeReply::hasAcked)).isEqualTo(i % 2 == 0);
    }
  }
}
