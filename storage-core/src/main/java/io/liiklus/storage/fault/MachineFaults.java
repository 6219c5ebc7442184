package io.liiklus.storage.fault;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/**
 * What the machine, or the JVM on it, is at fault for: a native library that cannot be unpacked or
 * linked, memory that ran out, a file that cannot be read. Clients of storages wrap these as they
 * wrap a damaged record; only the causes tell them apart. Immutable.
 */
public final class MachineFaults {

  /** The property of the folder to which native libraries are unpacked. */
  public static final String TMPDIR = "java.io.tmpdir";

  private static final String NO_MEMORY = "not enough memory";

  private MachineFaults() {}

  /** Of a failure that is no answer of a server. */
  public static boolean isOne(Throwable failure) {
    return Causes.of(failure).stream()
        .anyMatch(
            cause ->
                cause instanceof Error
                    || isOfNativeMemory(cause)
                    || cause instanceof FileSystemException
                    || cause instanceof FileNotFoundException
                    || cause instanceof SecurityException);
  }

  /** As zstd tells it. */
  private static boolean isOfNativeMemory(Throwable cause) {
    return cause instanceof IOException
        && String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains(NO_MEMORY);
  }

  /** For a client too: what is at fault, and where to look. */
  public static String text(Throwable failure) {
    var causes = Causes.of(failure);
    var deepest = causes.get(causes.size() - 1);
    var told = deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
    boolean isOfLibrary = causes.stream().anyMatch(LinkageError.class::isInstance);
    return isOfLibrary
        ? "the gateway cannot load a library: %s (native ones are unpacked to %s=%s)"
            .formatted(told, TMPDIR, System.getProperty(TMPDIR))
        : "the gateway's machine is at fault: " + deepest;
  }
}
