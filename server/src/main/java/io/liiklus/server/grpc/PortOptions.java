package io.liiklus.server.grpc;

import io.liiklus.api.Settings;
import io.liiklus.server.grpc.limits.InboundMemoryLimiter;
import io.liiklus.server.runtime.ListenAddress;
import io.liiklus.server.security.AuthOptions;
import io.liiklus.server.security.tls.TlsFiles;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the port and its connections. Immutable.
 *
 * @param windowBytes the flow-control window of each connection, and of each of its calls
 * @param unfinishedPatience see {@link InboundMemoryLimiter}
 * @param permitKeepAlive how often a client may ping at the most
 * @param tls empty: plain text
 */
public record PortOptions(
    boolean isEnabled,
    ListenAddress address,
    int metadataBytes,
    int windowBytes,
    Duration unfinishedPatience,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration permitKeepAlive,
    Optional<TlsFiles> tls,
    AuthOptions auth) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  /** HTTP/2's own, below which a connection cannot begin. */
  private static final int LEAST_WINDOW = 65_535;

  /** Where nothing is set: a part of the heap for each connection, and no more than this. */
  private static final int WINDOW_HEAP_PARTS = 1024;

  private static final int USUAL_WINDOW = MIB;

  public static PortOptions read(Settings grpc) {
    return new PortOptions(
        grpc.flag("enabled"),
        ListenAddress.read("grpc", grpc),
        (int) grpc.bytes("maxInboundMetadataSize", KIB, MIB),
        window(grpc),
        grpc.duration("unfinishedRequestTimeout", SECOND, DAY),
        grpc.duration("keepAliveTime", SECOND, DAY),
        grpc.duration("keepAliveTimeout", Duration.ofMillis(1), Duration.ofHours(1)),
        grpc.duration("permitKeepAliveTime", Duration.ZERO, Duration.ofMinutes(1)),
        TlsFiles.read(grpc),
        AuthOptions.read(grpc));
  }

  private static int window(Settings grpc) {
    if (!grpc.text("flowControlWindow").equals("0")) {
      return (int) grpc.bytes("flowControlWindow", LEAST_WINDOW, 64L * MIB);
    }
    long part = Runtime.getRuntime().maxMemory() / WINDOW_HEAP_PARTS;
    return (int) Math.max(LEAST_WINDOW, Math.min(USUAL_WINDOW, part));
  }
}
