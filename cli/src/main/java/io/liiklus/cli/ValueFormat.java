package io.liiklus.cli;

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
      if (record.content() instanceof ReceivedRecord.Value value) {
        value.bytes().writeTo(out);
      } else if (record.content() instanceof ReceivedRecord.Event event) {
        event.event().getData().writeTo(out);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    out.write('\n');
  }
}
