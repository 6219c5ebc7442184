package io.liiklus.storage.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/** The causes of a failure. Immutable. */
public final class Causes {

  private Causes() {}

  /** It and its causes, outermost first; each once, whatever circle they are in. */
  public static List<Throwable> of(Throwable failure) {
    var seen = Collections.<Throwable>newSetFromMap(new IdentityHashMap<>());
    var causes = new ArrayList<Throwable>();
    for (var cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }
}
