package io.liiklus.cli;

import io.liiklus.client.ReceivedRecord;
import java.io.PrintStream;

/** Format in which {@code receive} shows a record. Immutable. */
interface RecordFormat {

  void write(ReceivedRecord record, PrintStream out);
}
