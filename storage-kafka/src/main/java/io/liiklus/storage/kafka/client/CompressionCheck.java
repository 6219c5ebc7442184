package io.liiklus.storage.kafka.client;

import io.liiklus.storage.fault.MachineFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/**
 * Check that this machine can compress by a codec. It compresses some bytes, which loads the
 * codec's library; that may be missing for this machine. Immutable.
 */
final class CompressionCheck {

  private static final int PROBE_BYTES = 512;

  /** Version of the record format that all current brokers store. */
  private static final byte PROBE_MAGIC = 2;

  private static final String CANNOT = "this machine cannot compress so: ";

  /** System property of the folder of snappy's library; by default the JVM's. */
  private static final String SNAPPY_FOLDER = "org.xerial.snappy.tempdir";

  private CompressionCheck() {}

  /** Returns the reason why the machine cannot; empty where it can. */
  static Optional<String> whyNot(String codec) {
    var name = codec.strip();
    return whyNothingIsUnpacked(name).or(() -> whyNotCompressed(name));
  }

  private static Optional<String> whyNotCompressed(String codec) {
    try (var compressed =
        Compression.of(codec)
            .build()
            .wrapForOutput(new ByteBufferOutputStream(PROBE_BYTES), PROBE_MAGIC)) {
      compressed.write(new byte[PROBE_BYTES]);
      return Optional.empty();
    } catch (IOException | RuntimeException | LinkageError failure) {
      return Optional.of(CANNOT + MachineFaults.text(failure));
    }
  }

  /** Checks the folder before snappy's loader does, which would print a stack trace. */
  private static Optional<String> whyNothingIsUnpacked(String codec) {
    if (!codec.equals(CompressionType.SNAPPY.name)) {
      return Optional.empty();
    }
    var key = System.getProperty(SNAPPY_FOLDER) == null ? MachineFaults.TMPDIR : SNAPPY_FOLDER;
    var name = System.getProperty(key);
    try {
      var folder = Files.createDirectories(Path.of(name));
      Files.delete(Files.createTempFile(folder, "liiklus", ".probe"));
      return Optional.empty();
    } catch (IOException | RuntimeException failure) {
      return Optional.of(
          "%sthe library of snappy cannot be unpacked to %s=%s".formatted(CANNOT, key, name));
    }
  }
}
