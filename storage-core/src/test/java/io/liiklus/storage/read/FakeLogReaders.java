package io.liiklus.storage.read;

import java.util.ArrayList;
import java.util.List;

/** Opens readers of a test, and counts faults. Confined to the test's threads. */
abstract class FakeLogReaders implements LogReaders {

  final List<Throwable> faults = new ArrayList<>();

  abstract LogReader open();

  @Override
  public LogReader openAtTail() {
    return open();
  }

  @Override
  public LogReader openBehind() {
    return open();
  }

  @Override
  public void onFault(Throwable fault) {
    faults.add(fault);
  }
}
