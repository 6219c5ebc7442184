package io.liiklus.server.security.tls;

import io.liiklus.api.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The PEM files of TLS. Immutable.
 *
 * @param keyPassword null: the key is not encrypted
 * @param trustCert null: clients need no certificate
 * @param reloadInterval how often it is looked whether the files have changed
 */
public record TlsFiles(
    Path keyCertChain, Path key, String keyPassword, Path trustCert, Duration reloadInterval) {

  /** A file with every authority there is has a quarter of this. */
  private static final int MAX_FILE_BYTES = 1024 * 1024;

  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
  private static final String ROOT = "grpc.";

  /** The settings below {@code tls}; empty: plain text. Files that cannot be used are refused. */
  public static Optional<TlsFiles> read(Settings grpc) {
    var interval = grpc.duration("tls.reloadInterval", SHORTEST_INTERVAL, Duration.ofHours(1));
    boolean hasKey = grpc.isGiven("tls.key");
    if (hasKey != grpc.isGiven("tls.keyCertChain")) {
      var missing = hasKey ? "tls.keyCertChain" : "tls.key";
      grpc.refuse(missing, "is empty; tls.key and tls.keyCertChain go together");
    } else if (!hasKey && grpc.isGiven("tls.trustCert")) {
      grpc.refuse("tls.trustCert", "needs tls.key and tls.keyCertChain");
    } else if (!hasKey && grpc.isGiven("tls.keyPassword")) {
      grpc.refuse("tls.keyPassword", "needs tls.key and tls.keyCertChain");
    }
    var key = grpc.readableFile("tls.key");
    var chain = grpc.readableFile("tls.keyCertChain");
    var trust = grpc.readableFile("tls.trustCert");
    if (key.isEmpty() || chain.isEmpty()) {
      return Optional.empty();
    }
    var password = grpc.text("tls.keyPassword");
    var files =
        new TlsFiles(
            chain.get(),
            key.get(),
            password.isEmpty() ? null : password,
            trust.orElse(null),
            interval);
    files.check(grpc);
    return Optional.of(files);
  }

  /** Reads the files as a start does, and opens nothing. */
  private void check(Settings grpc) {
    try {
      var unused = read().parse();
    } catch (UnusableTlsException unusable) {
      grpc.refuse(unusable.setting().substring(ROOT.length()), unusable.reason());
    } catch (IOException failure) {
      grpc.refuse("tls.key", "or another file of grpc.tls cannot be read: " + failure);
    }
  }

  /** Reads the files as they are now; their contents need not fit together. */
  TlsContents read() throws IOException {
    return new TlsContents(
        read("grpc.tls.keyCertChain", keyCertChain),
        read("grpc.tls.key", key),
        keyPassword,
        trustCert == null ? null : read("grpc.tls.trustCert", trustCert));
  }

  private static String read(String setting, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        throw new UnusableTlsException(
            setting, file + " is larger than " + MAX_FILE_BYTES + " bytes", null);
      }
      // PEM is ASCII; any other byte stays different from it.
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException missing) {
      throw new UnusableTlsException(setting, "there is no file " + file, missing);
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "TlsFiles[keyCertChain=" + keyCertChain + ", key=" + key + "]";
  }
}
