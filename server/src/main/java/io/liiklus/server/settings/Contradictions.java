package io.liiklus.server.settings;

import io.liiklus.server.settings.ServerSettings.GrpcSettings;
import io.liiklus.server.settings.ServerSettings.OpsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Settings that are right one by one and not together. Confined to the thread that reads the
 * settings.
 */
final class Contradictions {

  private final SettingValues values;

  private Contradictions(SettingValues values) {
    this.values = values;
  }

  /** Notes what it finds. */
  static void check(SettingValues values, ServerSettings server) {
    new Contradictions(values).checkPorts(server.grpc(), server.ops());
  }

  private void checkPorts(GrpcSettings grpc, OpsSettings ops) {
    if (!grpc.isEnabled() && !ops.isEnabled()) {
      refuse("grpc.enabled", "is false as server.enabled is: nothing would be served");
      return;
    }
    boolean areBothOpen = grpc.isEnabled() && ops.isEnabled();
    boolean isSamePort = grpc.port() == ops.port() && grpc.port() != 0;
    if (areBothOpen && isSamePort && isSameAddress(grpc.host(), ops.host())) {
      refuse(
          values.isSet("server.port") ? "server.port" : "grpc.port",
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

  private void refuse(String key, String reason) {
    values.findings().refuse(values.line(key, reason));
  }
}
