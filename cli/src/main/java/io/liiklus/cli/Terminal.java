package io.liiklus.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;

/**
 * Input and output of a run, and the signal that ends it. Thread-safe as its parts are.
 *
 * @param interruption completes when a signal asks the process to end
 */
public record Terminal(
    InputStream in, PrintStream out, PrintStream err, CompletableFuture<Void> interruption) {

  /** Says something that is no record. */
  public void say(String line) {
    err.println("liiklus: " + line);
    err.flush();
  }
}
