package io.liiklus.faults.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All events, in the order in which they were reported; a file has the same, a line each.
 * Append-only. Thread-safe.
 */
public final class Journal implements AutoCloseable {

  private final Path file;
  private final long openedNs = System.nanoTime();
  private final AtomicLong numbers = new AtomicLong();

  // Guarded by this.
  private final List<Event> events = new ArrayList<>();
  private final Writer writer;

  public Journal(Path file) {
    this.file = file;
    try {
      Files.createDirectories(file.getParent());
      this.writer = Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path file() {
    return file;
  }

  /** The time to write into an event. */
  public long nowNs() {
    return System.nanoTime() - openedNs;
  }

  /** A number that no other Receive or Ack of this journal has. */
  public long nextNumber() {
    return numbers.incrementAndGet();
  }

  public synchronized void add(Event event) {
    events.add(event);
    try {
      writer.write(event.toString());
      writer.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The events so far. */
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  public synchronized void flush() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
