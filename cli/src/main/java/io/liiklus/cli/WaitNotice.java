package io.liiklus.cli;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Notice why nothing comes: after a period of silence, again where the cause is another, and when
 * records flow again. Thread-safe.
 *
 * <p>It asks for the cause once a period at most, and one question at a time.
 */
final class WaitNotice {

  /** Runs a task on the loop, later. */
  interface Timer {
    void schedule(Runnable task, long delayMs);
  }

  /**
   * Cause of a wait. Immutable.
   *
   * @param text for people; another text is another cause
   * @param detail may be another each time; empty where there is none
   */
  record Cause(String text, String detail) {
    Cause after(String begin) {
      return new Cause(begin + text, detail);
    }
  }

  private final Timer timer;
  private final Terminal terminal;
  private final long periodMs;
  private final String goingOn;
  private final Supplier<CompletionStage<Optional<Cause>>> question;

  // Guarded by this.
  private boolean isWaiting;
  private boolean isBusy; // Scheduled, or asking.
  private long progress;
  private String said; // Null where nothing is to be taken back.

  /**
   * @param goingOn what is said where a notice is taken back
   * @param question its stage completes on the loop, without a failure; empty where there is
   *     nothing to say
   */
  WaitNotice(
      Timer timer,
      Terminal terminal,
      long periodMs,
      String goingOn,
      Supplier<CompletionStage<Optional<Cause>>> question) {
    this.timer = timer;
    this.terminal = terminal;
    this.periodMs = periodMs;
    this.goingOn = goingOn;
    this.question = question;
  }

  /** Something is waited for from now on; no effect while something is. */
  synchronized void begin() {
    if (!isWaiting) {
      isWaiting = true;
      progress++;
      schedule();
    }
  }

  /** Something came. */
  synchronized void progress() {
    progress++;
    if (said != null) {
      said = null;
      terminal.say(goingOn);
    }
  }

  /** Nothing is waited for any more. */
  synchronized void end() {
    isWaiting = false;
    said = null;
  }

  private void schedule() {
    if (isWaiting && !isBusy) {
      isBusy = true;
      long seen = progress;
      timer.schedule(() -> check(seen), periodMs);
    }
  }

  private synchronized void check(long seen) {
    if (isSilentSince(seen)) {
      var unused = question.get().thenAccept(cause -> onAnswer(seen, cause));
    } else {
      isBusy = false;
      schedule();
    }
  }

  private synchronized void onAnswer(long seen, Optional<Cause> found) {
    isBusy = false;
    if (isSilentSince(seen)) {
      found.ifPresentOrElse(this::say, this::progress);
    }
    schedule();
  }

  private boolean isSilentSince(long seen) {
    return isWaiting && seen == progress;
  }

  private void say(Cause cause) {
    if (!cause.text().equals(said)) {
      said = cause.text();
      terminal.say(cause.text() + (cause.detail().isEmpty() ? "" : ": " + cause.detail()));
    }
  }
}
