package io.liiklus.faults;

import static io.liiklus.faults.LogBench.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.load.Pace;
import io.liiklus.testing.TcpRelay;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that stop reading, and clients that vanish. */
class SilentClientsIT {

  /** 32 MiB in all. */
  private static final int LARGE_RECORDS = 64;

  private static final int LARGE_BYTES = 512 << 10;

  /** kafka.prefetch (1 MiB), a fetch (4 MiB), and the memory of the transport and the JVM. */
  private static final long MOST_HELD_BYTES = 16 << 20;

  @Test
  void silentClient_losesItsPartitionsToOthers() {
    try (var silent = LogBench.open("silent", 2, Map.of())) {
      var gateway = silent.deployment().gateway(1);
      var relay = TcpRelay.start("127.0.0.1", gateway.grpcPort());
      var address = new Address(gateway.name(), relay.port());
      var group = silent.stage().group("silent-readers", List.of(gateway.address(), address));
      try (relay) {
        group.join(Pace.FAST, 0);
        group.join(Pace.FAST, 1);
        silent.stage().awaitHeld(group, 2);

        relay.hold();

        // By the only member that is left.
        silent.publish("a", 20, 0);
        silent.publish("b", 20, 0);
        silent.publish("c", 20, 0);
        silent.publish("d", 20, 0);
        silent.stage().awaitReceivedOf(group, partition -> true);
        group.close();
      }
      silent.check();
    }
  }

  @Test
  void unreadPartition_costsBoundedMemory() {
    try (var unread = LogBench.open("unread", 1, Map.of())) {
      var group = unread.stage().group("unread-readers");
      group.join(Pace.FAST, 0);
      unread.publish("first", 1, 0);
      unread.awaitReceived(group, 0);
      group.stall(PARTITION);
      var gateway = unread.deployment().gateway(1);
      long before = gateway.footprint().heldBytes();

      unread.publish("large", LARGE_RECORDS, LARGE_BYTES);

      assertThat(gateway.footprint().heldBytes() - before).isLessThan(MOST_HELD_BYTES);
      group.resume(PARTITION);
      unread.awaitReceived(group, LARGE_RECORDS);
      unread.check();
    }
  }
}
