package io.liiklus.server.settings;

import io.liiklus.api.Settings;
import io.liiklus.server.grpc.transport.TlsFiles;
import io.liiklus.server.grpc.transport.UnusableTlsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The PEM files of the gRPC port's TLS. Immutable.
 *
 * @param keyPassword empty: the key is not encrypted
 * @param trustCert null: clients need no certificate
 * @param reloadInterval how often it is looked whether the files have changed
 */
public record TlsSettings(
    Path key, String keyPassword, Path keyCertChain, Path trustCert, Duration reloadInterval) {

  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

  /** Null where there is no TLS. */
  static TlsSettings read(Settings grpc) {
    var interval = grpc.duration("tls.reloadInterval", SHORTEST_INTERVAL, ServerSettings.HOUR);
    boolean hasKey = !grpc.text("tls.key").isBlank();
    boolean hasChain = !grpc.text("tls.keyCertChain").isBlank();
    if (hasKey != hasChain) {
      var missing = hasKey ? "tls.keyCertChain" : "tls.key";
      grpc.refuse(missing, "is empty; tls.key and tls.keyCertChain go together");
    } else if (!hasKey && !grpc.text("tls.trustCert").isBlank()) {
      grpc.refuse("tls.trustCert", "needs tls.key and tls.keyCertChain");
    } else if (!hasKey && !grpc.text("tls.keyPassword").isEmpty()) {
      grpc.refuse("tls.keyPassword", "needs tls.key and tls.keyCertChain");
    }
    var tls =
        new TlsSettings(
            grpc.readableFile("tls.key").orElse(null),
            grpc.text("tls.keyPassword"),
            grpc.readableFile("tls.keyCertChain").orElse(null),
            grpc.readableFile("tls.trustCert").orElse(null),
            interval);
    if (tls.key != null && tls.keyCertChain != null) {
      tls.check(grpc);
    }
    return hasKey ? tls : null;
  }

  /** What the gRPC port is opened with. */
  public TlsFiles files() {
    return new TlsFiles(
        keyCertChain, key, keyPassword.isEmpty() ? null : keyPassword, trustCert, reloadInterval);
  }

  /** As a start would find out. */
  private void check(Settings grpc) {
    try {
      files().check();
    } catch (UnusableTlsException unusable) {
      grpc.refuse(unusable.setting().substring("grpc.".length()), unusable.reason());
    } catch (IOException failure) {
      grpc.refuse("tls.key", "or another file of grpc.tls cannot be read: " + failure);
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "TlsSettings[key=" + key + ", keyCertChain=" + keyCertChain + "]";
  }
}
