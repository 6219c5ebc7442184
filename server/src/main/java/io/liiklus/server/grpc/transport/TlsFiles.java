package io.liiklus.server.grpc.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

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

  /**
   * Reads the files as a start does, and opens nothing.
   *
   * @throws UnusableTlsException where they cannot be used
   * @throws IOException where one cannot be read
   */
  public void check() throws IOException {
    var unused = read().parse();
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
      // PEM is ASCII; what is not stays different from it.
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
