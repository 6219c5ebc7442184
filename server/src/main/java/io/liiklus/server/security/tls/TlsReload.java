package io.liiklus.server.security.tls;

import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.liiklus.server.runtime.WarnLimit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
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

  /** One port's use of the files. Immutable. */
  private record Served(
      ReloadingSslContext context,
      boolean asksClients,
      UnaryOperator<SslContextBuilder> protocol) {}

  private final TlsFiles files;
  private final TlsContents first;
  private final List<Served> served = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService looks;

  // The thread that looks only.
  private final WarnLimit warnings = new WarnLimit();
  private TlsContents inUse;

  /** Contents that could not be used, or the reason why there are none. Null: neither. */
  private Object refused;

  /** The last of these that was warned of. */
  private Object logged;

  private long loggedNs;

  private TlsReload(TlsFiles files, TlsContents first) {
    this.files = files;
    this.first = first;
    this.inUse = first;
    this.looks = Executors.newSingleThreadScheduledExecutor(TlsReload::thread);
  }

  /**
   * Reads the files for the first time. They are looked at again once {@link #beginLooks} was
   * called.
   *
   * @throws IOException where they cannot be read
   */
  public static TlsReload open(TlsFiles files) throws IOException {
    return new TlsReload(files, files.read());
  }

  /**
   * Makes the context of one port; before {@link #beginLooks}.
   *
   * @param asksClients whether clients need a certificate, where {@code trustCert} is set
   * @param protocol adds what is spoken above TLS
   * @throws IOException where the files cannot be used
   */
  public SslContext context(boolean asksClients, UnaryOperator<SslContextBuilder> protocol)
      throws IOException {
    var context = new ReloadingSslContext(first.context(asksClients, protocol));
    served.add(new Served(context, asksClients, protocol));
    return context;
  }

  /** Looks from now on whether the files have changed. */
  public void beginLooks() {
    long intervalNs = files.reloadInterval().toNanos();
    var unused =
        looks.scheduleWithFixedDelay(this::look, intervalNs, intervalNs, TimeUnit.NANOSECONDS);
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
      replaceAll(now);
    } catch (IOException | RuntimeException failure) {
      refuse(now, failure);
      return;
    }
    inUse = now;
    refused = null;
    log.info("TLS files changed, new connections use them, keyCertChain={}", files.keyCertChain());
  }

  /** All or none. */
  private void replaceAll(TlsContents now) throws IOException {
    var next = new ArrayList<SslContext>();
    for (var port : served) {
      next.add(now.context(port.asksClients, port.protocol));
    }
    for (int i = 0; i < next.size(); i++) {
      served.get(i).context.replace(next.get(i));
    }
  }

  /** Warns of contents that two checks in a row found: they are no half-done change. */
  private void refuse(Object what, Exception failure) {
    boolean isSettled = what.equals(refused);
    refused = what;
    long nowNs = System.nanoTime();
    boolean isLogged = what.equals(logged) && nowNs - loggedNs < REMIND_NS;
    if (isSettled && !isLogged && warnings.permits()) {
      logged = what;
      loggedNs = nowNs;
      log.warn(
          "TLS files changed and cannot be used, the old ones stay in use, reason={} (logged once a"
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
