package io.liiklus.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * What the process holds: threads, open files (connections are such) and direct memory. Immutable.
 *
 * @param directBytes in whole chunks of Netty's arenas
 */
public record Footprint(int threads, long openFiles, long directBytes) {

  /** A few of a chunk each: which arena a loop takes depends on what came before. */
  private static final long MOST_DIRECT_GROWTH = 32L << 20;

  private static final int MOST_THREAD_GROWTH = 2;
  private static final int MOST_FILE_GROWTH = 4;

  public static Footprint now() {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Footprint(
        ManagementFactory.getThreadMXBean().getThreadCount(),
        system.getOpenFileDescriptorCount(),
        PlatformDependent.usedDirectMemory());
  }

  /** Nothing stays behind; what is closed may take a moment. */
  public void awaitAgain() {
    Awaitility.await()
        .atMost(GatewayClient.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              var now = now();
              assertThat(now.threads).isLessThanOrEqualTo(threads + MOST_THREAD_GROWTH);
              assertThat(now.openFiles).isLessThanOrEqualTo(openFiles + MOST_FILE_GROWTH);
              assertThat(now.directBytes).isLessThanOrEqualTo(directBytes + MOST_DIRECT_GROWTH);
            });
  }
}
