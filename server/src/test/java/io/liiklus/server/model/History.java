package io.liiklus.server.model;

import java.util.ArrayList;
import java.util.List;

/** What something was, and from when on. Confined to the test's thread. */
final class History<T> {

  private final List<Long> since = new ArrayList<>();
  private final List<T> values = new ArrayList<>();

  History(T first) {
    add(0, first);
  }

  void add(long stamp, T value) {
    since.add(stamp);
    values.add(value);
  }

  T now() {
    return values.get(values.size() - 1);
  }

  /** What it was at that time, and all that it has been since. */
  List<T> from(long stamp) {
    int first = values.size() - 1;
    while (first > 0 && since.get(first) > stamp) {
      first--;
    }
    return values.subList(first, values.size());
  }
}
