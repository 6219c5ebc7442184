package io.liiklus.storage.pulsar;

import io.liiklus.api.MapSettings;
import io.liiklus.testing.PulsarServer;
import java.util.Map;

/** Settings as in {@code reference.conf}, for a server of the tests. Immutable. */
final class TestSettings {

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("serviceUrl", ""),
          Map.entry("tenant", "public"),
          Map.entry("namespace", "default"),
          Map.entry("tlsTrustCertsFilePath", ""),
          Map.entry("tlsHostnameVerification", "true"),
          Map.entry("authPluginClassName", ""),
          Map.entry("offsets", "record"),
          Map.entry("adminUrl", ""),
          Map.entry("receiverQueueSize", "500"),
          Map.entry("memoryLimit", "64 MiB"),
          Map.entry("maxRecordBytes", "5100 KiB"),
          Map.entry("batching", "true"),
          Map.entry("operationTimeout", "5 s"),
          Map.entry("groups.local", "false"),
          Map.entry("groups.interval", "200 ms"),
          Map.entry("groups.sessionTimeout", "6 s"),
          Map.entry("groups.revokeTimeout", "2 s"));

  private TestSettings() {}

  static MapSettings of(String serviceUrl) {
    return new MapSettings(DEFAULTS).with("serviceUrl", serviceUrl);
  }

  static MapSettings of(PulsarServer server) {
    return of(server.serviceUrl()).with("adminUrl", server.adminUrl());
  }
}
