package io.liiklus.cli;

import io.liiklus.client.ReceivedRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/**
 * Format for pipes: the value or the event's data, as it is, and a line feed. A record without a
 * value is an empty line. Immutable.
 */
final class ValueFormat implements RecordFormat {

  @Override
  public void write(ReceivedRecord record, PrintStream out) {
    try {
      record.value().writeTo(out);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    out.write('\n');
  }
}
