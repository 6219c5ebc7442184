package io.liiklus.server;

import io.liiklus.api.Settings;
import io.liiklus.server.authorization.AccessOptions;
import io.liiklus.server.grpc.PortOptions;
import io.liiklus.server.grpc.calls.CallOptions;
import io.liiklus.server.ops.OpsServer;
import io.liiklus.server.processing.Processing;
import io.liiklus.server.quota.QuotaRule;
import io.liiklus.server.schema.SchemaOptions;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Sessions;
import io.liiklus.server.settings.CommandLine;
import io.liiklus.server.settings.Configuration;
import io.liiklus.server.settings.SettingsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Options of every part of the gateway, each read by its part; {@code reference.conf} has the
 * meaning of each setting. Immutable.
 *
 * @param schema empty where records are published without one
 * @param ioThreads 0: one for each processor
 */
public record GatewayOptions(
    PortOptions grpc,
    CallOptions calls,
    OpsServer.Options ops,
    AccessOptions access,
    List<QuotaRule> quotas,
    Acks.Options acks,
    Sessions.Options sessions,
    Processing.Options processing,
    Optional<SchemaOptions> schema,
    Shutdown shutdown,
    int ioThreads) {

  private static final int MAX_IO_THREADS = 1024;

  /**
   * Settings of the shutdown. Immutable.
   *
   * @param ackWindow how long acks are served once the streams were ended
   * @param deadline of the whole shutdown
   */
  public record Shutdown(Duration ackWindow, Duration deadline) {

    private static Shutdown read(Settings shutdown) {
      var read =
          new Shutdown(
              shutdown.duration("ackWindow", Duration.ZERO, Duration.ofMinutes(1)),
              shutdown.duration("deadline", Duration.ofSeconds(1), Duration.ofHours(1)));
      if (read.ackWindow.compareTo(read.deadline) >= 0) {
        shutdown.refuse("ackWindow", "must be shorter than shutdown.deadline, which holds it");
      }
      return read;
    }
  }

  /**
   * Loads the configuration and has every part check its settings.
   *
   * @see Configuration#load
   */
  public static Configuration load(
      CommandLine commandLine, Map<String, String> environment, Map<String, String> properties)
      throws SettingsException {
    return Configuration.load(commandLine, environment, properties, GatewayOptions::read);
  }

  /** Refuses invalid values, and valid ones that do not fit together. */
  public static GatewayOptions read(Settings all) {
    var grpc = PortOptions.read(all.section("grpc"));
    var ops = OpsServer.Options.read(all.section("server"));
    checkPorts(all, grpc, ops);
    if (ops.access().isTls() && !all.isGiven("grpc.tls.key")) {
      all.refuse("server.tls", "true needs grpc.tls.key and grpc.tls.keyCertChain");
    }
    var access = AccessOptions.read(all.section("authorization"));
    if (access.isEnabled() && !asksForCredentials(grpc)) {
      all.warn(
          "authorization.enabled",
          "is true, and every caller is anonymous, as neither grpc.auth.alg nor grpc.tls.trustCert"
              + " asks for credentials");
    }
    return new GatewayOptions(
        grpc,
        CallOptions.read(all),
        ops,
        access,
        QuotaRule.readAll(all.section("quotas")),
        Acks.Options.read(all.section("ack")),
        Sessions.Options.read(all.section("sessions")),
        Processing.Options.read(all),
        SchemaOptions.read(all.section("schema")),
        Shutdown.read(all.section("shutdown")),
        all.integer("threads.io", 0, MAX_IO_THREADS));
  }

  private static boolean asksForCredentials(PortOptions grpc) {
    return grpc.auth().tokens().isPresent()
        || (grpc.tls().isPresent() && grpc.tls().get().trustCert() != null);
  }

  private static void checkPorts(Settings all, PortOptions grpc, OpsServer.Options ops) {
    if (!grpc.isEnabled() && !ops.isEnabled()) {
      all.refuse("grpc.enabled", "is false as server.enabled is: nothing would be served");
    } else if (grpc.isEnabled() && ops.isEnabled() && grpc.address().isSameAs(ops.address())) {
      all.refuse(
          all.isGiven("server.port") ? "server.port" : "grpc.port",
          "is %d as the other of grpc.port and server.port is: two ports, or 0 for any free one"
              .formatted(grpc.address().port()));
    }
  }
}
