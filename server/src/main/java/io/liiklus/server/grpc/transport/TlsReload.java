package io.liiklus.server.grpc.transport;

import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.liiklus.server.runtime.WarnLimit;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS by files that are read again when they change. Their contents are compared, so it does not
 * matter how they are replaced: in place, by a rename, or by a link to another folder. A thread of
 * its own checks them. Thread-safe.
 */
public final class TlsReload implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TlsReload.class);

  private static final long REMIND_NS = TimeUnit.HOURS.toNanos(1);

  private final TlsFiles files;
  private final ReloadingSslContext context;
  private final ScheduledExecutorService looks;

  // The thread that looks only.
  private final WarnLimit warnings = new WarnLimit();
  private TlsContents inUse;

  /** Contents that could not be used, or the reason why there are none. Null: neither. */
  private Object refused;

  /** The last of these that was warned of. */
  private Object told;

  private long toldNs;

  private TlsReload(TlsFiles files, TlsContents first) throws IOException {
    this.files = files;
    this.inUse = first;
    this.context = new ReloadingSslContext(first.context());
    this.looks = Executors.newSingleThreadScheduledExecutor(TlsReload::thread);
  }

  /**
   * Reads the files for the first time.
   *
   * @throws IOException where they cannot be used
   */
  public static TlsReload open(TlsFiles files) throws IOException {
    var reload = new TlsReload(files, files.read());
    long intervalNs = files.reloadInterval().toNanos();
    var unused =
        reload.looks.scheduleWithFixedDelay(
            reload::look, intervalNs, intervalNs, TimeUnit.NANOSECONDS);
    return reload;
  }

  public SslContext context() {
    return context;
  }

  private void look() {
    try {
      lookAt(files.read());
    } catch (IOException failure) {
      refuse(failure.getMessage(), failure);
    } catch (RuntimeException failure) {
      refuse(failure.toString(), failure);
    }
  }

  private void lookAt(TlsContents now) {
    if (now.equals(inUse)) {
      refused = null;
      return;
    }
    try {
      context.replace(now.context());
    } catch (IOException | RuntimeException failure) {
      refuse(now, failure);
      return;
    }
    inUse = now;
    refused = null;
    log.info("TLS files changed, new connections use them, keyCertChain={}", files.keyCertChain());
  }

  /** Warns of contents that two checks in a row found: they are no half-done change. */
  private void refuse(Object what, Exception failure) {
    boolean isSettled = what.equals(refused);
    refused = what;
    long nowNs = System.nanoTime();
    boolean isTold = what.equals(told) && nowNs - toldNs < REMIND_NS;
    if (isSettled && !isTold && warnings.permits()) {
      told = what;
      toldNs = nowNs;
      log.warn(
          "TLS files changed and cannot be used, the old ones stay in use, reason={} (told once a"
              + " change, then once an hour)",
          failure.getMessage());
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "liiklus-tls-files");
    thread.setDaemon(true);
    return thread;
  }
}
