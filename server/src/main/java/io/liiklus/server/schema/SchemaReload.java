package io.liiklus.server.schema;

import io.liiklus.server.runtime.WarnLimit;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A document of schemas that is read again when it changes; one that cannot be used leaves the old
 * one in use. A file that has changed is used once it is the same at two looks in a row: half a
 * document of YAML is a document, too. Looks on a thread of its own. Thread-safe.
 */
final class SchemaReload implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SchemaReload.class);

  private final SchemaSource source;
  private final boolean areDeprecatedAllowed;
  private final ScheduledExecutorService looks;
  private final WarnLimit errors = new WarnLimit();
  private final AtomicLong failures = new AtomicLong();

  private volatile SchemaDocument current;

  // The thread that looks only.
  private byte[] inUse;

  /** What the look before found; null where that was in use already. */
  private byte[] changed;

  /** What could not be used, and why; null once something else was. */
  private byte[] refused;

  private String reason;

  private SchemaReload(SchemaSource source, boolean areDeprecatedAllowed, byte[] first)
      throws UnusableSchemaException {
    this.source = source;
    this.areDeprecatedAllowed = areDeprecatedAllowed;
    this.inUse = first;
    this.current = SchemaDocument.read(first, areDeprecatedAllowed);
    this.looks = Executors.newSingleThreadScheduledExecutor(SchemaReload::thread);
  }

  /**
   * Reads the document for the first time.
   *
   * @throws IOException where it cannot be used
   */
  static SchemaReload open(SchemaOptions options) throws IOException {
    var source = options.source();
    try {
      var first = source.read().orElseThrow();
      var reload = new SchemaReload(source, options.areDeprecatedAllowed(), first);
      log.info("schemas, from={} types={}", source.description(), reload.current().size());
      long intervalNs = options.reloadInterval().toNanos();
      var unused =
          reload.looks.scheduleWithFixedDelay(
              reload::look, intervalNs, intervalNs, TimeUnit.NANOSECONDS);
      return reload;
    } catch (IOException failure) {
      throw new IOException(
          "schema.schemaURL: the document at %s cannot be used: %s"
              .formatted(source.description(), failure.getMessage()),
          failure);
    }
  }

  SchemaDocument current() {
    return current;
  }

  /** Looks at which the document could not be read or used. */
  long failures() {
    return failures.get();
  }

  private void look() {
    try {
      var found = source.read();
      if (found.isPresent()) {
        lookAt(found.get());
      } else if (refused != null) {
        warn(reason);
      }
    } catch (IOException | RuntimeException failure) {
      warn(failure.getMessage());
    }
  }

  private void lookAt(byte[] found) {
    if (Arrays.equals(found, inUse)) {
      changed = null;
      refused = null;
      return;
    }
    boolean isSettled = !source.isWrittenInPlace() || Arrays.equals(found, changed);
    changed = found;
    if (isSettled && !Arrays.equals(found, refused)) {
      use(found);
    } else if (isSettled) {
      warn(reason);
    }
  }

  private void use(byte[] found) {
    try {
      current = SchemaDocument.read(found, areDeprecatedAllowed);
      inUse = found;
      refused = null;
      log.info("schemas changed, from={} types={}", source.description(), current.size());
    } catch (UnusableSchemaException wrong) {
      refused = found;
      reason = wrong.getMessage();
      warn(reason);
    }
  }

  private void warn(String why) {
    failures.incrementAndGet();
    if (errors.permits()) {
      log.error(
          "the changed schemas cannot be used, the old ones stay in use, from={} reason={} (logged"
              + " once a minute)",
          source.description(),
          why);
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "liiklus-schema-reload");
    thread.setDaemon(true);
    return thread;
  }
}
