package io.liiklus.server.settings;

import io.liiklus.server.plugins.StorageFactories;
import io.liiklus.server.settings.ServerSettings.GrpcSettings;
import io.liiklus.server.settings.ServerSettings.OpsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.TreeSet;

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
  static void check(
      SettingValues values,
      ServerSettings server,
      StorageChoice choice,
      StorageFactories factories) {
    var contradictions = new Contradictions(values);
    contradictions.checkPorts(server.grpc(), server.ops());
    contradictions.checkUnusedStorages(choice, factories);
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

  /** A line for each storage that is not in use and has settings. */
  private void checkUnusedStorages(StorageChoice choice, StorageFactories factories) {
    if (choice.records().isEmpty() || choice.positions().isEmpty()) {
      return;
    }
    var records = choice.records().get();
    var positions = choice.positions().get();
    var unused = new TreeSet<>(factories.settingsRoots());
    unused.remove(records.settingsRoot());
    unused.remove(positions.settingsRoot());
    for (var root : unused) {
      var keys = values.setBelow(root);
      if (!keys.isEmpty()) {
        values
            .findings()
            .warn(
                "%s: no effect, as records are in %s and positions in %s"
                    .formatted(String.join(", ", keys), records.type(), positions.type()));
      }
    }
  }

  private void refuse(String key, String reason) {
    values.findings().refuse(values.line(key, reason));
  }
}
