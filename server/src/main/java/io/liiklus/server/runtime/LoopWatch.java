package io.liiklus.server.runtime;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watch for event loops that do not turn: whoever blocks one holds up all of its connections. Each
 * gets a task now and then; where it has not run the next time, the log has at what the loop's
 * thread stands. Confined to the thread of the periodic tasks, but for what the loops write.
 */
public final class LoopWatch implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(LoopWatch.class);

  /** Between two runs: what is held up for longer than two of these is logged. */
  public static final Duration EVERY = Duration.ofSeconds(5);

  private final List<Probe> probes;
  private volatile int heldUp;

  public LoopWatch(List<EventLoop> loops) {
    probes = loops.stream().map(Probe::new).toList();
  }

  /** Number of loops that did not turn when last looked. */
  public int heldUp() {
    return heldUp;
  }

  @Override
  public void run() {
    heldUp = (int) probes.stream().filter(Probe::isHeldUp).count();
  }

  /** The task of one loop. */
  private static final class Probe implements Runnable {

    private final EventLoop loop;
    private final WarnLimit errors = new WarnLimit();
    private long askedNs;

    // Written on the loop.
    private volatile Thread thread;
    private volatile boolean isAnswered;

    /** The first task names the thread, before there is a connection that may block it. */
    private Probe(EventLoop loop) {
      this.loop = loop;
      ask();
    }

    @Override
    public void run() {
      thread = Thread.currentThread();
      isAnswered = true;
    }

    /** Asks the loop where it has answered before. */
    boolean isHeldUp() {
      if (!isAnswered) {
        report();
        return true;
      }
      ask();
      return false;
    }

    private void ask() {
      isAnswered = false;
      askedNs = System.nanoTime();
      try {
        loop.execute(this);
      } catch (RejectedExecutionException closed) {
        isAnswered = true;
      }
    }

    private void report() {
      var held = thread;
      if (held == null || !errors.permits()) {
        return;
      }
      var where = new IllegalStateException("the thread stands here");
      where.setStackTrace(held.getStackTrace());
      log.error(
          "an event loop is held up, with all its connections, thread={} forMs={} (logged once a"
              + " minute)",
          held.getName(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - askedNs),
          where);
    }
  }
}
