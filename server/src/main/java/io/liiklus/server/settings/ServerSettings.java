package io.liiklus.server.settings;

import io.liiklus.api.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/** The gateway's own settings; what each means stands in {@code reference.conf}. Immutable. */
public record ServerSettings(
    GrpcSettings grpc,
    RequestSizes requestSizes,
    OpsSettings ops,
    PublishSettings publish,
    CallSettings calls,
    SessionSettings sessions,
    ReceiveSettings receive,
    ShutdownSettings shutdown,
    int ioThreads) {

  static final Duration NONE = Duration.ZERO;
  static final Duration MS = Duration.ofMillis(1);
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final Duration HOUR = Duration.ofHours(1);
  static final Duration DAY = Duration.ofDays(1);
  static final int MIB = 1024 * 1024;
  private static final int MOST_PORT = 65_535;

  /** HTTP/2's own, below which a connection cannot begin. */
  private static final int LEAST_WINDOW = 65_535;

  /** Where nothing is set: a part of the heap for each connection, and no more than this. */
  private static final int WINDOW_HEAP_PARTS = 1024;

  private static final int USUAL_WINDOW = MIB;

  /** Small records that wait cost three times of their bytes. */
  private static final int WAITING_HEAP_PARTS = 8;

  private static final int MOST_BATCH_RECORDS = 100_000;
  private static final int MOST_HEADERS = 1_000_000;

  /** What a client of gRPC takes if it is not told otherwise is 4 MiB. */
  private static final int MOST_REPLY_BYTES = 4 * MIB - 1024;

  /**
   * The gRPC port.
   *
   * @param tls null: plain text
   */
  public record GrpcSettings(
      boolean isEnabled,
      String host,
      int port,
      int maxInboundMetadataSize,
      int flowControlWindow,
      Duration unfinishedRequestTimeout,
      Duration keepAliveTime,
      Duration keepAliveTimeout,
      Duration permitKeepAliveTime,
      TlsSettings tls) {

    private static GrpcSettings read(Settings grpc) {
      var auth = grpc.text("auth.alg");
      if (!auth.isEmpty() && !auth.equalsIgnoreCase("NONE")) {
        grpc.refuse("auth.alg", auth + " is not supported by this release; leave it empty");
      } else if (!grpc.text("auth.secret").isEmpty() || !grpc.map("auth.keys").isEmpty()) {
        grpc.warn("auth.alg", "is not set, so auth.secret and auth.keys do nothing");
      }
      return new GrpcSettings(
          grpc.flag("enabled"),
          hostOf(grpc),
          grpc.integer("port", 0, MOST_PORT),
          (int) grpc.bytes("maxInboundMetadataSize", 1024, MIB),
          window(grpc),
          grpc.duration("unfinishedRequestTimeout", Duration.ofSeconds(1), DAY),
          grpc.duration("keepAliveTime", Duration.ofSeconds(1), DAY),
          grpc.duration("keepAliveTimeout", MS, HOUR),
          grpc.duration("permitKeepAliveTime", NONE, MINUTE),
          TlsSettings.read(grpc));
    }

    private static int window(Settings grpc) {
      if (!grpc.text("flowControlWindow").equals("0")) {
        return (int) grpc.bytes("flowControlWindow", LEAST_WINDOW, 64L * MIB);
      }
      long part = Runtime.getRuntime().maxMemory() / WINDOW_HEAP_PARTS;
      return (int) Math.max(LEAST_WINDOW, Math.min(USUAL_WINDOW, part));
    }
  }

  /** The HTTP port. */
  public record OpsSettings(
      boolean isEnabled,
      String host,
      int port,
      int maxConnections,
      Duration requestTimeout,
      Duration answerTimeout,
      Duration idleTimeout) {

    private static OpsSettings read(Settings server) {
      return new OpsSettings(
          server.flag("enabled"),
          hostOf(server),
          server.integer("port", 0, MOST_PORT),
          server.integer("maxConnections", 1, 65_536),
          server.duration("requestTimeout", Duration.ofMillis(10), HOUR),
          server.duration("answerTimeout", Duration.ofMillis(10), HOUR),
          server.duration("idleTimeout", Duration.ofMillis(10), DAY));
    }
  }

  /** Empty would be an address too, and not the one that was meant. */
  private static String hostOf(Settings port) {
    var host = port.text("host").strip();
    if (host.isEmpty()) {
      port.refuse("host", "has no value; an address or a name of this machine, 0.0.0.0 for all");
    }
    return host;
  }

  /** How long a publish waits, and what may be published. */
  public record PublishSettings(
      Duration timeout,
      boolean isEmptyKeyNull,
      int maxHeaders,
      int maxBatchRecords,
      long maxWaitingBytes) {

    private static PublishSettings read(Settings publish) {
      return new PublishSettings(
          publish.duration("timeout", MS, HOUR),
          publish.choice("emptyKey", "null", "empty").equals("null"),
          publish.integer("maxHeaders", 1, MOST_HEADERS),
          publish.integer("maxBatchRecords", 1, MOST_BATCH_RECORDS),
          maxWaiting(publish));
    }

    private static long maxWaiting(Settings publish) {
      long bound = publish.bytes("maxWaitingBytes", 0, 1024L * 1024 * MIB);
      return bound == 0 ? Runtime.getRuntime().maxMemory() / WAITING_HEAP_PARTS : bound;
    }
  }

  /** How long calls wait, and how many. */
  public record CallSettings(
      Duration ackTimeout,
      Duration readTimeout,
      int maxWaitingReads,
      Duration deadlineMargin,
      int maxWaitingAcks,
      int maxWaitingAcksPerPosition,
      int maxPositionWritesPerSecond) {

    private static CallSettings read(Settings all) {
      var ack = all.section("ack");
      var read = all.section("read");
      return new CallSettings(
          ack.duration("timeout", MS, HOUR),
          read.duration("timeout", MS, HOUR),
          read.integer("maxWaiting", 1, Integer.MAX_VALUE),
          all.section("grpc").duration("deadlineMargin", NONE, MINUTE),
          ack.integer("maxWaiting", 1, Integer.MAX_VALUE),
          ack.integer("maxWaitingPerPosition", 1, Integer.MAX_VALUE),
          ack.integer("maxWritesPerSecond", 1, 1_000_000));
    }
  }

  /** Subscriptions. */
  public record SessionSettings(int max, Duration unreadWarning) {

    private static SessionSettings read(Settings sessions) {
      return new SessionSettings(
          sessions.integer("max", 1, Integer.MAX_VALUE),
          sessions.duration("unreadWarning", Duration.ofSeconds(1), DAY));
    }
  }

  /** Streams of records. */
  public record ReceiveSettings(int readyThreshold, int maxReplyBytes, Duration copyAfter) {

    private static ReceiveSettings read(Settings grpc, Settings receive) {
      return new ReceiveSettings(
          (int) grpc.bytes("readyThreshold", 1024, 64L * MIB),
          (int) receive.bytes("maxReplyBytes", 1024, MOST_REPLY_BYTES),
          receive.duration("copyAfter", MS, HOUR));
    }
  }

  /** How the process ends. */
  public record ShutdownSettings(Duration ackWindow, Duration deadline) {

    private static ShutdownSettings read(Settings shutdown) {
      var read =
          new ShutdownSettings(
              shutdown.duration("ackWindow", NONE, MINUTE),
              shutdown.duration("deadline", Duration.ofSeconds(1), HOUR));
      if (read.ackWindow.compareTo(read.deadline) >= 0) {
        shutdown.refuse("ackWindow", "must be shorter than shutdown.deadline, which holds it");
      }
      return read;
    }
  }

  public static ServerSettings read(Settings all) {
    var schema = all.section("schema");
    if (schema.flag("enabled")) {
      schema.refuse("enabled", "true is not supported by this release; false");
    }
    // Means nothing without a schema, and is to be one of the two all the same.
    var unused = schema.flag("allowDeprecatedProperties");
    var layers = all.section("layers");
    if (!layers.map("orders").isEmpty()) {
      layers.warn("orders", "has no effect: there are no layers to put in order");
    }
    var grpc = GrpcSettings.read(all.section("grpc"));
    var ops = OpsSettings.read(all.section("server"));
    checkPorts(all, grpc, ops);
    return new ServerSettings(
        grpc,
        RequestSizes.read(all.section("grpc"), all.section("publish")),
        ops,
        PublishSettings.read(all.section("publish")),
        CallSettings.read(all),
        SessionSettings.read(all.section("sessions")),
        ReceiveSettings.read(all.section("grpc"), all.section("receive")),
        ShutdownSettings.read(all.section("shutdown")),
        all.section("threads").integer("io", 0, 1024));
  }

  private static void checkPorts(Settings all, GrpcSettings grpc, OpsSettings ops) {
    if (!grpc.isEnabled() && !ops.isEnabled()) {
      all.refuse("grpc.enabled", "is false as server.enabled is: nothing would be served");
      return;
    }
    boolean areBothOpen = grpc.isEnabled() && ops.isEnabled();
    boolean isSamePort = grpc.port() == ops.port() && grpc.port() != 0;
    if (areBothOpen && isSamePort && isSameAddress(grpc.host(), ops.host())) {
      all.refuse(
          all.isGiven("server.port") ? "server.port" : "grpc.port",
          "is %d as the other of grpc.port and server.port is: two ports, or 0 for any free one"
              .formatted(grpc.port()));
    }
  }

  private static boolean isSameAddress(String one, String other) {
    try {
      var address = InetAddress.getByName(one);
      var otherAddress = InetAddress.getByName(other);
      return address.isAnyLocalAddress()
          || otherAddress.isAnyLocalAddress()
          || address.equals(otherAddress);
    } catch (UnknownHostException unknown) {
      // Told by the start, which names the host.
      return one.equalsIgnoreCase(other);
    }
  }
}
