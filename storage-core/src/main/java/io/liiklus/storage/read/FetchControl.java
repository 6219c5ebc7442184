package io.liiklus.storage.read;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread that moves partitions between sources for event loops, which take no lock: seeks and lost
 * cursors. It does no I/O, so that nobody waits behind a server. Confined to its thread, but for
 * {@link #post} and {@link #close}.
 */
final class FetchControl implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(FetchControl.class);

  /** The longest wait; a command ends it. */
  private static final long WAIT_NS = 1_000_000_000;

  private final CommandQueue commands;

  // Any thread.
  private volatile Thread thread;
  private volatile boolean isClosed;

  FetchControl(LongSupplier clockNs) {
    this.commands = new CommandQueue(clockNs, () -> LockSupport.unpark(thread));
  }

  void start() {
    thread = new Thread(this, "liiklus-fetch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs a command soon. Any thread. */
  void post(Runnable command) {
    commands.post(command);
  }

  @Override
  public void run() {
    while (!isClosed) {
      try {
        runDue();
        LockSupport.parkNanos(commands.beginPoll(WAIT_NS));
      } catch (RuntimeException | Error fault) {
        log.error("moving a partition failed by a fault of the gateway", fault);
      } finally {
        commands.endPoll();
      }
    }
  }

  void runDue() {
    commands.runDue();
  }

  /** Any thread. */
  void close() {
    isClosed = true;
    commands.wake();
  }
}
