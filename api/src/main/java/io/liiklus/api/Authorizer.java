package io.liiklus.api;

/**
 * Decides what a caller may do. An authorizer is a class with a constructor without arguments,
 * registered for {@link java.util.ServiceLoader}; {@code authorization.type} names the one in use.
 * Thread-safe.
 *
 * <p><b>Threads.</b> It is asked on event loops, which serve other clients meanwhile only if it
 * returns at once: it never blocks. What it has to fetch, it fetches on threads of its own, and
 * denies what it cannot decide so far.
 *
 * <p><b>Memory.</b> The gateway remembers decisions, by the whole request, until the listener of
 * {@link #onChange} is run.
 */
public interface Authorizer extends AutoCloseable {

  /** Its name in {@code authorization.type}, in capitals. */
  String type();

  /**
   * The root of its settings, in lower case, as in the {@code reference.conf} of its jar; empty
   * where it has none.
   */
  default String settingsRoot() {
    return "";
  }

  /**
   * Reads its settings and {@linkplain Settings#refuse refuses} what is wrong with them. Called
   * once, before the first request, and where settings are only checked; opens nothing. Not called
   * where it has no settings, or is not the one in use.
   */
  default void configure(Settings settings) {}

  /** Opens what it needs, before the first request. A failure ends the start. */
  default void open() {}

  /**
   * Whether the caller may do this. A failure is a fault of the authorizer: the call is INTERNAL.
   */
  AccessDecision decide(AccessRequest request);

  /**
   * Sets the one to notify, on any thread, when decisions from now on may differ from those before.
   * Called once, before the first request. An authorizer that never changes need not do anything.
   */
  default void onChange(Runnable listener) {}

  /** Lets go of everything, once no call is served any more. */
  @Override
  default void close() {}
}
