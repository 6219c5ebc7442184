package io.liiklus.api;

/**
 * What both kinds of processors have in common. A processor is a class with a constructor without
 * arguments, registered for {@link java.util.ServiceLoader} under {@link RecordPreProcessor},
 * {@link RecordPostProcessor} or both, in which case one object serves as both. Thread-safe: it is
 * called on all event loops at once.
 *
 * <p>Processors run in the order of {@code layers.orders.<class name>}: ascending on the way into
 * the log, descending on the way out, 0 where it is not set; of equal ones by their names.
 *
 * <p><b>Threads.</b> A processor is called on an event loop, which serves other clients meanwhile
 * only if the call returns at once. It never blocks: what takes time is done on threads of its own,
 * and the stage completes there.
 */
public interface RecordProcessor extends AutoCloseable {

  /**
   * The root of its settings, in lower case, as in the {@code reference.conf} of its jar; empty
   * where it has none.
   */
  default String settingsRoot() {
    return "";
  }

  /**
   * Reads its settings and {@linkplain Settings#refuse refuses} what is wrong with them. Called
   * once, before the first record, and where settings are only checked; opens nothing. Not called
   * where it has no settings.
   */
  default void configure(Settings settings) {}

  /** Lets go of everything, once no call is served any more. */
  @Override
  default void close() {}
}
